// What monitor says of real photos, while nothing changes and after something has. Everything but HTTP is the product's: training,
// decoding, ONNX Runtime, the event, monitor's counting and looking.
import { ClassificationEvent } from '@app/contracts/monitoring';
import { availableCpus } from '@app/onnx';
import { join } from 'node:path';
import { ControlRun, Signal, watchChange, WatchedModel, watchUsual } from '../../test/support/drift/drift-runs';
import { PhotoObserver } from '../../test/support/drift/photo-observer';
import { shuffled } from '../../test/support/drift/seeded-order';
import { trainPackage } from '../../test/support/drift/train-package';
import { alterations, altered, Photo, photosOfOtherThings, unchanged } from './photos';

export interface ChangeRow {
  readonly change: string;
  readonly share: number;
  /** One for each seed; nothing where none came. */
  readonly signals: readonly (Signal | undefined)[];
}

export interface Study {
  readonly control: readonly ControlRun[];
  /** In each control run, those that became the baseline not counted. */
  readonly controlImages: number;
  readonly baselineImages: readonly number[];
  readonly changes: readonly ChangeRow[];
}

export type Say = (line: string) => void;

/** Photos to learn from, a quarter of which become the baseline; all others are the model's own data, fresh. */
const LEARNT_FROM = 1100;
const VALIDATION_SHARE = '0.25';
/** Whole minutes of an image a second; there are no more fresh photos. */
const CONTROL_IMAGES = 1080;
const CONTROL_RUNS = 20;
const CHANGE_RUNS = 5;
const SHARES = [1, 0.3];
const PATIENCE_IMAGES = 1800;
/** Of the images, once the mix has changed, what the most frequent class has. */
const MIX_SHARE = 0.8;

type Pools = ReadonlyMap<string, readonly ClassificationEvent[]>;

/** Of models that `train` makes: each run has photos of its own to learn from, and so its own model and baseline. */
export async function studyTrainedModel(photos: readonly Photo[], folder: string, say: Say): Promise<Study> {
  const control: ControlRun[] = [];
  const baselineImages: number[] = [];
  const changes: ChangeRow[] = [];
  const classes = [...new Set(photos.map(({ label }) => label))].sort();
  for (let seed = 1; seed <= CONTROL_RUNS; seed += 1) {
    const { learnt, fresh } = share(photos, seed);
    await withTrained(join(folder, 'all'), learnt, seed, async (observer) => {
      const usual = await observer.observe(unchanged(fresh));
      control.push(watchUsual(observer.watched, usual.slice(0, CONTROL_IMAGES)));
      baselineImages.push(observer.watched.baseline?.images ?? 0);
      if (seed > CHANGE_RUNS) return;
      const pools = await changedPools(observer, fresh, usual, classes[seed % classes.length] ?? '');
      changes.push(...watchChanges(observer.watched, usual, pools, seed));
    });
    say(`trained model, run ${seed} of ${CONTROL_RUNS}`);
  }
  for (const [seed, left] of classes.entries()) {
    const { learnt, fresh } = share(photos, seed);
    const knows = ({ label }: Photo) => label !== left;
    await withTrained(join(folder, 'without'), learnt.filter(knows), seed, async (observer) => {
      const usual = await observer.observe(unchanged(fresh.filter(knows)));
      const others = await observer.observe(unchanged(photos.filter((photo) => !knows(photo)).slice(0, 300)));
      changes.push(...watchChanges(observer.watched, usual, new Map([['a flower it does not know', others]]), seed));
    });
    say(`a model without ${left}`);
  }
  return { control, controlImages: CONTROL_IMAGES, baselineImages, changes: gathered(changes) };
}

/** Of a model without a baseline, on photos that it was not made for: what it sees first becomes the baseline. */
export async function studyFirstImages(photos: readonly Photo[], packageFolder: string, say: Say): Promise<Study> {
  const observer = await PhotoObserver.open(packageFolder, availableCpus());
  try {
    const { watched } = observer;
    const usual = await observer.observe(unchanged(photos));
    say('the shipped model has seen the usual photos');
    const control = Array.from({ length: CONTROL_RUNS }, (_, run) => watchUsual(watched, shuffled(usual, 1 + run)));
    const pools = await changedPools(observer, shuffled(photos, 1), usual, photos[0]?.label ?? '', photos);
    say('and the changed ones');
    const seeds = Array.from({ length: CHANGE_RUNS }, (_, run) => 1 + run);
    const changes = seeds.flatMap((seed) => watchChanges(watched, usual, pools, seed));
    const controlImages = photos.length - 1000;
    return { control, controlImages, baselineImages: [1000], changes: gathered(changes) };
  } finally {
    await observer.close();
  }
}

function share(photos: readonly Photo[], seed: number): { learnt: readonly Photo[]; fresh: readonly Photo[] } {
  const order = shuffled(photos, seed);
  return { learnt: order.slice(0, LEARNT_FROM), fresh: order.slice(LEARNT_FROM) };
}

async function withTrained(
  folder: string,
  learnt: readonly Photo[],
  seed: number,
  work: (observer: PhotoObserver) => Promise<void>,
): Promise<void> {
  const files: Record<string, string[]> = {};
  for (const { file, label } of learnt) (files[label] ??= []).push(file);
  const settings = { 'model-name': 'flowers', 'validation-share': VALIDATION_SHARE, seed: String(seed) };
  const observer = await PhotoObserver.open(await trainPackage(folder, files, settings), availableCpus());
  try {
    await work(observer);
  } finally {
    await observer.close();
  }
}

/** Events of changed photos, for each change. `usual` are the events of `seen`. */
async function changedPools(
  observer: PhotoObserver,
  photos: readonly Photo[],
  usual: readonly ClassificationEvent[],
  favoured: string,
  seen = photos,
): Promise<Pools> {
  const pools = new Map<string, readonly ClassificationEvent[]>();
  for (const [name, alteration] of Object.entries(alterations(observer.inputSize))) {
    pools.set(name, await observer.observe(altered(photos, alteration)));
  }
  pools.set('photos of other things', await observer.observe(photosOfOtherThings()));
  const ofClass = (isFavoured: boolean) => usual.filter((_, at) => (seen[at]?.label === favoured) === isFavoured);
  const most = ofClass(true);
  const others = shuffled(ofClass(false), 1).slice(0, (most.length * (1 - MIX_SHARE)) / MIX_SHARE);
  return pools.set('another mix: 80 % one class', [...most, ...others]);
}

function watchChanges(
  watched: WatchedModel,
  usual: readonly ClassificationEvent[],
  pools: Pools,
  seed: number,
): ChangeRow[] {
  return [...pools].flatMap(([change, changed]) =>
    SHARES.map((share) => {
      const signal = watchChange(watched, { usual, changed, share, seed, patience: PATIENCE_IMAGES });
      return { change, share, signals: [signal] };
    }),
  );
}

/** One row for all seeds. */
function gathered(rows: readonly ChangeRow[]): ChangeRow[] {
  const found = new Map<string, ChangeRow>();
  for (const row of rows) {
    const key = `${row.change} ${row.share}`;
    found.set(key, { ...row, signals: [...(found.get(key)?.signals ?? []), ...row.signals] });
  }
  return [...found.values()];
}

// Drift with photos: whether monitor is silent about a model's own data and signals what has changed in it. Photos of flowers where the data
// of the project is at hand, made ones elsewhere. From the training job to the look everything is the product's; HTTP and TCP are
// tested elsewhere. With many more photos and other models: `npm run drift-study`.
import { ClassificationEvent } from '@app/contracts/monitoring';
import { Logger } from '@nestjs/common';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Alteration, blurred, darkened, otherCamera } from '../support/drift/altered-photos';
import { watchChange, watchUsual } from '../support/drift/drift-runs';
import { PhotoObserver } from '../support/drift/photo-observer';
import { dealt, shuffled } from '../support/drift/seeded-order';
import { trainPackage } from '../support/drift/train-package';
import { photo, sharedPhotos } from '../support/images';
import { writePhotoFolders } from '../support/photo-folder';

/** Training and some 2,000 photos, on a machine that may be busy. */
const PATIENCE_MS = 300_000;
/** What the backbone does quickest; the product's default is 128. */
const INPUT_SIZE = 64;
const LEARNT_FROM = 450;
const CHANGED = 150;
const CONTROL_RUNS = 20;
const CONTROL_IMAGES = 1020;

interface LabelledPhoto {
  readonly file: string;
  readonly label: string;
}

let folder: string;
let observer: PhotoObserver;
let fresh: readonly LabelledPhoto[];
let usual: readonly ClassificationEvent[];

beforeAll(async () => {
  Logger.overrideLogger(false);
  folder = mkdtempSync(join(tmpdir(), 'drift-'));
  const hasPhotos = sharedPhotos().flowers.length > 0;
  if (!hasPhotos) console.warn('no real photos in ../shared/data: drift is looked for in made ones');
  const folders = await writePhotoFolders(folder, { train: hasPhotos ? 350 : 250, test: 111 });
  const photos = [folders.train, folders.test].flatMap((part) =>
    folders.classes.flatMap((label) =>
      readdirSync(join(part, label)).map((name) => ({ file: join(part, label, name), label })),
    ),
  );
  const order = shuffled(photos, 1);
  fresh = order.slice(LEARNT_FROM);
  const learnt: Record<string, string[]> = {};
  for (const { file, label } of order.slice(0, LEARNT_FROM)) (learnt[label] ??= []).push(file);
  const settings = { 'model-name': 'flowers', 'input-size': String(INPUT_SIZE), 'validation-share': '0.4' };
  const packageFolder = await trainPackage(join(folder, 'job'), learnt, { ...settings, 'flipped-views': 'false' });
  observer = await PhotoObserver.open(packageFolder, 1);
  usual = await observer.observe(
    fresh.map(
      ({ file }) =>
        () =>
          Promise.resolve(readFileSync(file)),
    ),
  );
}, PATIENCE_MS);

afterAll(async () => {
  await observer.close();
  rmSync(folder, { recursive: true, force: true });
});

const first = (images: Generator<ClassificationEvent, never>) =>
  Array.from({ length: CONTROL_IMAGES }, () => images.next().value);
const altered = (alteration: Alteration) =>
  observer.observe(
    fresh.slice(0, CHANGED).map(
      ({ file }, seed) =>
        () =>
          alteration(readFileSync(file), seed),
    ),
  );
const otherThings = () => {
  const { known, other } = sharedPhotos();
  const files = [...known, ...other];
  return observer.observe(
    files.length > 0
      ? files.map((file) => () => Promise.resolve(readFileSync(file)))
      : Array.from({ length: CHANGED }, (_, seed) => () => photo({ width: 192, height: 144, seed: 9000 + seed })),
  );
};
const mostlyOneClass = () => {
  const [favoured] = fresh;
  const isFavoured = (_: ClassificationEvent, at: number) => fresh[at]?.label === favoured?.label;
  const most = usual.filter(isFavoured);
  const others = usual.filter((event, at) => !isFavoured(event, at));
  return Promise.resolve([...most, ...others.slice(0, most.length / 4)]);
};

it(`is silent in ${CONTROL_RUNS} runs of ${CONTROL_IMAGES} photos of the model's own data`, () => {
  const runs = Array.from({ length: CONTROL_RUNS }, (_, seed) =>
    watchUsual(observer.watched, first(dealt(usual, seed))),
  );

  expect(runs.flatMap(({ alarms }) => alarms)).toEqual([]);
  expect(runs.map(({ last }) => last.length)).toEqual(runs.map(() => 8));
  expect(runs.flatMap(({ last }) => last).filter(({ state }) => state !== 'quiet')).toEqual([]);
});

it.each<[change: string, share: number, images: number, changed: () => Promise<readonly ClassificationEvent[]>]>([
  ['photos with half of the light', 1, 300, () => altered(darkened(0.5))],
  ['photos out of focus by sigma 1', 1, 300, () => altered(blurred(1, INPUT_SIZE))],
  ['photos out of focus by sigma 4', 1, 180, () => altered(blurred(4, INPUT_SIZE))],
  ['photos out of focus by sigma 4, among usual ones,', 0.3, 300, () => altered(blurred(4, INPUT_SIZE))],
  ['photos of another camera', 1, 300, () => altered(otherCamera())],
  ['photos of other things', 1, 180, otherThings],
  ['photos of other things, among usual ones,', 0.3, 360, otherThings],
  ['another mix of things', 1, 300, mostlyOneClass],
])(
  'signals %s (share %d) within %d images',
  async (_, share, images, changedEvents) => {
    const changed = await changedEvents();

    const signals = [1, 2, 3].map((seed) =>
      watchChange(observer.watched, { usual, changed, share, seed, patience: 600 }),
    );

    const late = signals.filter((signal) => (signal?.images ?? Infinity) > images);
    expect({ late, signals }).toEqual({ late: [], signals });
  },
  PATIENCE_MS,
);

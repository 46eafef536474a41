// Streams of photos through monitor: some in which nothing changes, and some in which something does after a while.
import { ClassificationEvent, DriftCheck, ObservedModel } from '@app/contracts/monitoring';
import { DriftBaseline } from '@app/contracts/sagemaker';
import { seededRandom } from '../../../apps/monitor/test/support/synthetic-traffic';
import { dealt } from './seeded-order';
import { SeenCheck, WatchedTraffic } from './watched-traffic';

/** An image a second: the shortest window, five minutes, holds 300. */
const EVERY_MS = 1000;
/** Images before anything changes, so that the shortest window is full of usual ones. */
const USUAL_IMAGES = 600;

export interface WatchedModel {
  readonly model: ObservedModel;
  /** Without one the first 1,000 images of a run become the baseline. */
  readonly baseline: DriftBaseline | undefined;
}

export interface ControlRun {
  /** What any look at any window called `drift` or `watch`. */
  readonly alarms: readonly SeenCheck[];
  /** The latest look at the longest window, which has seen all images. */
  readonly last: readonly SeenCheck[];
}

/** The images in this order, each once. */
export function watchUsual({ model, baseline }: WatchedModel, images: readonly ClassificationEvent[]): ControlRun {
  const traffic = new WatchedTraffic(model, baseline, EVERY_MS);
  const looks = images.map((image) => traffic.show(image)).filter((look) => look !== undefined);
  return {
    alarms: looks.flat().filter(({ state }) => state === 'drift' || state === 'watch'),
    last: looks.at(-1)?.filter(({ window }) => window === '7d') ?? [],
  };
}

export interface Change {
  readonly usual: readonly ClassificationEvent[];
  readonly changed: readonly ClassificationEvent[];
  /** Of the images that are changed ones from the change on. */
  readonly share: number;
  readonly seed: number;
  /** Images after the change for which a signal is waited. */
  readonly patience: number;
}

export interface Signal {
  /** From the change to the look that saw it, unchanged ones among them included. */
  readonly images: number;
  /** What that look called `drift`, each check once. */
  readonly checks: readonly Pick<DriftCheck, 'name' | 'direction'>[];
}

/** Nothing when nothing was signalled. Throws when there is a signal before anything has changed. */
export function watchChange({ model, baseline }: WatchedModel, change: Change): Signal | undefined {
  const traffic = new WatchedTraffic(model, baseline, EVERY_MS);
  const random = seededRandom(change.seed);
  const usual = dealt(change.usual, change.seed);
  const changed = dealt(change.changed, change.seed);
  const before = baseline === undefined ? 1000 + USUAL_IMAGES : USUAL_IMAGES;
  while (traffic.images < before + change.patience) {
    const hasChanged = traffic.images >= before && random() < change.share;
    const look = traffic.show((hasChanged ? changed : usual).next().value) ?? [];
    const drifted = look.filter(({ state }) => state === 'drift');
    if (drifted.length === 0) continue;
    if (traffic.images <= before) throw new Error(`a signal before the change: ${JSON.stringify(drifted)}`);
    return { images: traffic.images - before, checks: once(drifted) };
  }
  return undefined;
}

function once(checks: readonly SeenCheck[]): Signal['checks'] {
  const found = new Map(checks.map((check) => [check.name, check]));
  return [...found.values()].map(({ name, direction }) => ({ name, ...(direction && { direction }) }));
}

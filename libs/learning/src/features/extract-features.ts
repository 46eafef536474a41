// From images to features: decode as in serving, show each view to the frozen backbone, keep what comes out.
import { isProblem } from '@app/contracts';
import { decodeForModel, IMAGING_VERSION, imageTensor } from '@app/imaging';
import { availableCpus } from '@app/onnx';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError, DatasetImage, LeftOut } from '../dataset';
import { FeatureSet } from '../feature-set';
import { forEachAtOnce } from '../for-each-at-once';
import { isSystemError } from '../system-error';
import { Backbone, BackboneError, inputName, outputNames, RunningBackbone } from './backbone';
import { FeatureCache } from './feature-cache';
import { FeatureTable } from './feature-table';
import { IMAGE_VIEWS, ImageViewName } from './image-views';

export interface ExtractOptions<V extends ImageViewName> {
  /** One forward pass for each. */
  readonly views: readonly V[];
  /** Where features are kept from run to run: 4 bytes a feature, image and view. Not kept when absent. */
  readonly cacheFolder?: string;
  /** Default: the CPUs that this process has. */
  readonly workers?: number;
  /** Aborted to stop: what has been computed is in the cache. */
  readonly signal?: AbortSignal;
  /** Called once when the cache has been read, then after each image. */
  readonly onProgress?: (progress: ExtractProgress) => void;
}

export interface ExtractProgress {
  /** Images, those from the cache included. */
  readonly done: number;
  readonly total: number;
  /** Of those that are computed, and the time left at that rate; absent before the first. */
  readonly imagesPerSecond?: number;
  readonly remainingMs?: number;
}

export interface ExtractedFeatures<V extends ImageViewName> {
  /** A row for each of `images`, in their order, in every view. */
  readonly views: Readonly<Record<V, FeatureSet>>;
  readonly images: readonly DatasetImage[];
  /** Images that turned out to be broken; the same images give the same. */
  readonly leftOut: readonly LeftOut[];
  /** Images all of whose features were in the cache. */
  readonly cached: number;
  /** Sentences: the cache was damaged, or cannot be written. */
  readonly warnings: readonly string[];
}

/** What is kept and computed of one view. */
interface ViewState<V> {
  readonly view: V;
  readonly table: FeatureTable;
  readonly cache: FeatureCache | undefined;
}

/**
 * Features of images that differ in content, as `readDataset` gives them. Images are decoded and run at the same time, a few per worker in memory.
 * The cache knows an image by its content, and features by the backbone's content, its input, the view and the version of our
 * imaging, so that it never has to be emptied; what it holds is not computed, and its image not read, again.
 * @throws DatasetError `data-changed` for a file that is gone or differs from when the dataset was read: a model must not
 *   be said to come from data that it does not come from, and with the cache it costs little to begin again
 * @throws BackboneError, or the signal's reason
 */
export async function extractFeatures<V extends ImageViewName>(
  images: readonly DatasetImage[],
  backbone: Backbone,
  options: ExtractOptions<V>,
): Promise<ExtractedFeatures<V>> {
  const states = await openViews(images.length, backbone, options);
  try {
    await readCaches(images, states);
    const missing = images.flatMap((image, row) =>
      states.every(({ table }) => table.has(row)) ? [] : [{ image, row }],
    );
    const leftOut = await compute(missing, images.length, backbone, states, options);
    const kept = [...images.keys()].filter((row) => states.every(({ table }) => table.has(row)));
    const labels = Uint32Array.from(kept, (row) => images[row]?.label ?? 0);
    const views = Object.fromEntries(states.map(({ view, table }) => [view, table.take(kept, labels)]));
    return {
      views: views as Record<V, FeatureSet>, // fromEntries forgets the names
      images: kept.flatMap((row) => images[row] ?? []),
      leftOut,
      cached: images.length - missing.length,
      warnings: warningsOf(states),
    };
  } finally {
    for (const { cache } of states) await cache?.close();
  }
}

async function openViews<V extends ImageViewName>(
  rows: number,
  backbone: Backbone,
  { views, cacheFolder }: ExtractOptions<V>,
): Promise<ViewState<V>[]> {
  const content = await hashOfFile(backbone);
  return views.map((view) => {
    const cache =
      cacheFolder === undefined ? undefined : new FeatureCache(join(cacheFolder, cacheKey(content, backbone, view)));
    return { view, table: new FeatureTable(rows), cache };
  });
}

async function hashOfFile({ path }: Backbone): Promise<string> {
  try {
    return sha256Of(await readFile(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new BackboneError(path, error.message, { cause: error });
  }
}

/** Everything on which features depend, besides the image. */
function cacheKey(backboneSha256: string, backbone: Backbone, view: string): string {
  const { type = 'uint8', size, resize, mean = [0, 0, 0], std = [1, 1, 1] } = backbone.input;
  const normalisation = type === 'float32' ? { mean, std } : {};
  const names = { input: inputName(backbone), output: outputNames(backbone).join() };
  return sha256Of(
    JSON.stringify({ backboneSha256, ...names, type, size, resize, ...normalisation, view, imaging: IMAGING_VERSION }),
  );
}

async function readCaches(images: readonly DatasetImage[], states: readonly ViewState<string>[]): Promise<void> {
  const rows = new Map(images.map(({ sha256 }, row) => [sha256, row]));
  if (rows.size < images.length) throw new RangeError('The same image is there twice.');
  for (const { table, cache } of states) {
    await cache?.read((sha256, features) => {
      const row = rows.get(sha256);
      if (row !== undefined) table.set(row, features);
    });
  }
}

/** Fills the rows that are missing; gives the images that cannot be decoded. */
async function compute<V extends ImageViewName>(
  missing: readonly { image: DatasetImage; row: number }[],
  total: number,
  backbone: Backbone,
  states: readonly ViewState<V>[],
  { workers = availableCpus(), signal, onProgress }: ExtractOptions<V>,
): Promise<LeftOut[]> {
  signal?.throwIfAborted();
  const leftOut: LeftOut[] = [];
  let done = total - missing.length;
  onProgress?.({ done, total });
  if (missing.length === 0) return leftOut;

  // While every worker runs one image, as many again are read and decoded.
  const atOnce = 2 * workers;
  const running = await RunningBackbone.start(backbone, workers, atOnce);
  const startedAt = performance.now();
  const computeOne = async ({ image, row }: { image: DatasetImage; row: number }) => {
    const pixels = await decode(image, backbone);
    if (pixels instanceof Uint8Array) {
      const wanted = states.filter(({ table }) => !table.has(row));
      // All views before the first run, which takes the pixels away.
      const tensors = wanted.map(({ view }) =>
        imageTensor(IMAGE_VIEWS[view](pixels, backbone.input.size), backbone.input),
      );
      for (const [index, tensor] of tensors.entries()) {
        const features = await running.features(tensor);
        wanted[index]?.table.set(row, features);
        await wanted[index]?.cache?.append(image.sha256, features);
      }
    } else {
      leftOut.push(pixels);
    }
    done += 1;
    const imagesPerSecond = ((done - (total - missing.length)) * 1000) / (performance.now() - startedAt);
    onProgress?.({ done, total, imagesPerSecond, remainingMs: ((total - done) * 1000) / imagesPerSecond });
  };
  try {
    await forEachAtOnce(missing, atOnce, computeOne, signal);
  } finally {
    await running.close();
  }
  return leftOut.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The pixels that serving would see, or why there are none. */
async function decode(image: DatasetImage, { input }: Backbone): Promise<Uint8Array | LeftOut> {
  const bytes = await readUnchanged(image);
  try {
    return (await decodeForModel(bytes, input)).pixels;
  } catch (error) {
    // A deadline says more about the machine than about the image.
    if (!isProblem(error) || error.code === 'deadline-exceeded') throw error;
    return { path: image.path, reason: 'unreadable', message: `cannot be read: ${error.message}` };
  }
}

async function readUnchanged({ file, path, sha256 }: DatasetImage): Promise<Buffer> {
  const changed = (how: string, options?: ErrorOptions) =>
    new DatasetError(
      'data-changed',
      `The data changed during the run: ${path} ${how}. Run again to learn from the data as it is now.`,
      options,
    );
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw changed(`cannot be read any more (${error.message})`, { cause: error });
  }
  if (sha256Of(bytes) !== sha256) throw changed('has another content');
  return bytes;
}

function warningsOf(states: readonly ViewState<string>[]): string[] {
  const damaged = states.reduce((sum, { cache }) => sum + (cache?.damaged ?? 0), 0);
  const [fault] = states.flatMap(({ cache }) => cache?.fault ?? []);
  return [
    ...(damaged === 0 ? [] : [`The feature cache has ${damaged} damaged entries; they are not used.`]),
    ...(fault === undefined ? [] : [`Features are not kept for the next run: ${fault}.`]),
  ];
}

function sha256Of(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

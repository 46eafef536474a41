// From images to features: decode as in serving, show each view to the frozen backbone, keep what comes out.
import { isProblem } from '@app/contracts';
import { DecodedImage, decodeForModel, IMAGING_VERSION, imageTensor } from '@app/imaging';
import { availableCpus } from '@app/onnx';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError, DatasetImage, LeftOut } from '../dataset';
import { FeatureSet } from '../feature-set';
import { forEachAtOnce } from '../for-each-at-once';
import { ImageProperties } from '../image-properties';
import { isSystemError } from '../system-error';
import { Backbone, BackboneError, inputName, outputNames, RunningBackbone } from './backbone';
import { FeatureCache } from './feature-cache';
import { FeatureTable } from './feature-table';
import { IMAGE_VIEWS, ImageViewName } from './image-views';
import { PROPERTIES_VERSION, propertiesOf, propertyRow } from './property-rows';

export interface ExtractOptions<V extends ImageViewName> {
  /** One forward pass for each. */
  readonly views: readonly V[];
  /** Whether the properties of the images are wanted too; 16 bytes an image in the cache. Default false. */
  readonly properties?: boolean;
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
  /** Of each of `images`; of none when they were not asked for. */
  readonly properties: ImageProperties;
  /** Images that turned out to be broken; the same images give the same. */
  readonly leftOut: readonly LeftOut[];
  /** Images of which everything was in the cache. */
  readonly cached: number;
  /** Sentences: the cache was damaged, or cannot be written. */
  readonly warnings: readonly string[];
}

/** Rows of one kind: those that are known, and where they are kept. */
interface KeptRows {
  readonly table: FeatureTable;
  readonly cache: FeatureCache | undefined;
}

interface ViewRows<V> extends KeptRows {
  readonly view: V;
}

interface AllRows<V> {
  readonly views: readonly ViewRows<V>[];
  /** Empty, or of the properties. */
  readonly properties: readonly KeptRows[];
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
  const rows = await openRows(images.length, backbone, options);
  const kinds = [...rows.views, ...rows.properties];
  const isWhole = (row: number) => kinds.every(({ table }) => table.has(row));
  try {
    await readCaches(images, kinds);
    const missing = images.flatMap((image, row) => (isWhole(row) ? [] : [{ image, row }]));
    const leftOut = await compute(missing, images.length, backbone, rows, options);
    const kept = [...images.keys()].filter(isWhole);
    const labels = Uint32Array.from(kept, (row) => images[row]?.label ?? 0);
    const views = Object.fromEntries(rows.views.map(({ view, table }) => [view, table.take(kept, labels)]));
    const [properties = { features: new Float32Array() }] = rows.properties.map(({ table }) =>
      table.take(kept, labels),
    );
    return {
      views: views as Record<V, FeatureSet>, // fromEntries forgets the names
      images: kept.flatMap((row) => images[row] ?? []),
      properties: propertiesOf(properties),
      leftOut,
      cached: images.length - missing.length,
      warnings: warningsOf(kinds),
    };
  } finally {
    for (const { cache } of kinds) await cache?.close();
  }
}

async function openRows<V extends ImageViewName>(
  count: number,
  backbone: Backbone,
  { views, properties = false, cacheFolder }: ExtractOptions<V>,
): Promise<AllRows<V>> {
  const content = await hashOfFile(backbone);
  const open = (key: string): KeptRows => ({
    table: new FeatureTable(count),
    cache: cacheFolder === undefined ? undefined : new FeatureCache(join(cacheFolder, key)),
  });
  return {
    views: views.map((view) => ({ view, ...open(cacheKey(content, backbone, view)) })),
    properties: properties ? [open(propertiesKey(backbone))] : [],
  };
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

/** Everything on which properties depend, besides the image. */
function propertiesKey({ input: { size, resize } }: Backbone): string {
  return sha256Of(JSON.stringify({ properties: PROPERTIES_VERSION, size, resize, imaging: IMAGING_VERSION }));
}

async function readCaches(images: readonly DatasetImage[], kinds: readonly KeptRows[]): Promise<void> {
  const rows = new Map(images.map(({ sha256 }, row) => [sha256, row]));
  if (rows.size < images.length) throw new RangeError('The same image is there twice.');
  for (const { table, cache } of kinds) {
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
  { views, properties }: AllRows<V>,
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
    const isMissing = ({ table }: KeptRows) => !table.has(row);
    const keep = async ({ table, cache }: KeptRows, values: Float32Array) => {
      table.set(row, values);
      await cache?.append(image.sha256, values);
    };
    const decoded = await decode(image, backbone);
    if ('pixels' in decoded) {
      // All views and properties before the first run, which takes the pixels away.
      const tensors = views.filter(isMissing).map((wanted) => ({
        wanted,
        tensor: imageTensor(IMAGE_VIEWS[wanted.view](decoded.pixels, backbone.input.size), backbone.input),
      }));
      for (const wanted of properties.filter(isMissing)) await keep(wanted, propertyRow(decoded));
      for (const { wanted, tensor } of tensors) await keep(wanted, await running.features(tensor));
    } else {
      leftOut.push(decoded);
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
async function decode(image: DatasetImage, { input }: Backbone): Promise<DecodedImage | LeftOut> {
  const bytes = await readUnchanged(image);
  try {
    return await decodeForModel(bytes, input);
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

function warningsOf(kinds: readonly KeptRows[]): string[] {
  const damaged = kinds.reduce((sum, { cache }) => sum + (cache?.damaged ?? 0), 0);
  const [fault] = kinds.flatMap(({ cache }) => cache?.fault ?? []);
  return [
    ...(damaged === 0 ? [] : [`The feature cache has ${damaged} damaged entries; they are not used.`]),
    ...(fault === undefined ? [] : [`Features are not kept for the next run: ${fault}.`]),
  ];
}

function sha256Of(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

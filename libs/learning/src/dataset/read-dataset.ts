// From a folder of photos to a dataset that can be learnt from. Looks at names, contents' hashes and image headers, not at pixels.
import { isProblem, MAX_IMAGE_BYTES } from '@app/contracts';
import { ModelLabel } from '@app/contracts/sagemaker';
import { inspectImage } from '@app/imaging';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { forEachAtOnce } from '../for-each-at-once';
import { isSystemError } from '../system-error';
import { Dataset, DatasetImage, datasetOf, LeftOut, LeftOutReason } from './dataset';
import { DatasetError } from './dataset.error';
import { FolderListing, listClassFolders, listImages } from './list-class-folders';
import { LABELS_FILE, readLabelsFile } from './read-labels-file';

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** After each file. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** With fewer, training and validation parts say nothing about a class. */
export const MIN_IMAGES_PER_CLASS = 10;

/**
 * Shorter side, in pixels, under which an image is left out: backbones look at 64 px and more, so most of what they would see had
 * to be made up. Data sets made of 32 px images can still be learnt from.
 */
export const MIN_SHORTER_SIDE = 32;

/** As many as libuv has threads to read and sharp to parse; files of up to `MAX_IMAGE_BYTES` in memory at a time. */
const FILES_AT_ONCE = 4;

/**
 * Reads `folder/<class>/*.jpg|jpeg|png|webp` and the optional `folder/labels.json` (see `readLabelsFile`). What cannot be used is left
 * out and listed: files that are no images or too large to be served, tiny images, and images that are there twice: of those within a
 * class the first stays, those in several classes are all left out. A file that is broken behind its header is found only when it is decoded.
 * @throws DatasetError `data-unreadable`, `labels-invalid`, `too-few-classes` (under 2), `too-few-images` (a class has under 10), or the signal's reason
 */
export async function readDataset(folder: string, options: ReadOptions = {}): Promise<Dataset> {
  return trainingData(await readTrainingFolder(folder, options));
}

/**
 * Reads data to test a model with, whose classes are `labels`, in that order; a class may have few images, or none.
 * @throws DatasetError `data-unreadable`, `unknown-class`, `too-few-images` (none at all), or the signal's reason
 */
export async function readTestData(
  folder: string,
  labels: readonly ModelLabel[],
  options: ReadOptions = {},
): Promise<Dataset> {
  const listing = await listClassFolders(folder);
  const unknown = listing.classes.filter(({ id }) => !labels.some((label) => label.id === id)).map(({ id }) => id);
  if (unknown.length > 0) {
    throw new DatasetError(
      'unknown-class',
      `The test data ${folder} has classes that are not trained: ${quoted(unknown)}.`,
    );
  }
  const found = await readImages(listing, labels, options);
  if (found.images.length === 0) {
    throw new DatasetError('too-few-images', `The test data ${folder} has no usable image.`);
  }
  const empty = labels.filter((_, label) => !found.images.some((image) => image.label === label)).map(({ id }) => id);
  const warnings = empty.length === 0 ? [] : [`The test data has no images of ${quoted(empty)}.`];
  return datasetOf({ folder, labels, ...found, warnings }, { weigh: false });
}

/**
 * Reads training data and the test data that is kept apart from it. Images that are in both, in whatever class, are left out of the
 * training data and listed.
 * @throws DatasetError as `readDataset` and `readTestData` do
 */
export async function readTrainingAndTestData(
  folder: string,
  testFolder: string,
  options: ReadOptions = {},
): Promise<{ training: Dataset; test: Dataset }> {
  const found = await readTrainingFolder(folder, options);
  const test = await readTestData(testFolder, found.labels, options);
  const tested = new Map(test.images.map(({ sha256, path }) => [sha256, path]));
  const images = found.images.filter(({ sha256 }) => !tested.has(sha256));
  const shared = found.images.flatMap(({ path, sha256 }): LeftOut[] => {
    const twin = tested.get(sha256);
    return twin === undefined
      ? []
      : [{ path, reason: 'in-test-data', message: `is the same picture as ${twin} of the test data` }];
  });
  return { training: trainingData({ ...found, images, leftOut: [...found.leftOut, ...shared] }), test };
}

/**
 * Reads the images of a folder and of all folders in it, whatever is on them; their `label` means nothing.
 * @throws DatasetError `data-unreadable`, or the signal's reason
 */
export async function readUnlabelledImages(
  folder: string,
  options: ReadOptions = {},
): Promise<Pick<Dataset, 'images' | 'leftOut'>> {
  const { images, leftOut } = await listImages(folder);
  return readImages({ classes: [{ id: '', images }], leftOut }, [], options);
}

type Found = Pick<Dataset, 'folder' | 'labels' | 'images' | 'leftOut' | 'warnings'>;

async function readTrainingFolder(folder: string, options: ReadOptions): Promise<Found> {
  const listing = await listClassFolders(folder);
  if (listing.classes.length < 2) throw tooFewClasses(folder, listing);
  const file = join(folder, LABELS_FILE);
  const texts = await readLabelsFile(file);
  const ids = listing.classes.map(({ id }) => id);
  const labels = ids.map((id) => ({ id, ...(texts.get(id) ?? { name: { en: id } }) }));
  const unnamed = texts.size === 0 ? [] : ids.filter((id) => !texts.has(id));
  const absent = [...texts.keys()].filter((id) => !ids.includes(id));
  const warnings = [
    ...(unnamed.length === 0 ? [] : [`${file} does not name ${quoted(unnamed)}; the folder's name is shown.`]),
    ...(absent.length === 0 ? [] : [`${file} names ${quoted(absent)}, and there is no such class folder.`]),
  ];
  return { folder, labels, ...(await readImages(listing, labels, options)), warnings };
}

function trainingData(found: Found): Dataset {
  const dataset = datasetOf(found, { weigh: true });
  const faults = dataset.labels.flatMap(({ id }, label) => {
    const usable = dataset.counts[label] ?? 0;
    if (usable >= MIN_IMAGES_PER_CLASS) return [];
    const leftOut = dataset.leftOut.filter(({ path }) => path.normalize('NFC').startsWith(`${id}/`));
    return [`Class "${id}" has ${usable} usable image${usable === 1 ? '' : 's'}${besidesOf(leftOut)}.`];
  });
  if (faults.length === 0) return dataset;
  throw new DatasetError('too-few-images', `${faults.join(' ')} At least ${MIN_IMAGES_PER_CLASS} a class are needed.`);
}

/** ` (7 left out, 5 of them unreadable)` */
function besidesOf(leftOut: readonly LeftOut[]): string {
  const counts = new Map<LeftOutReason, number>();
  for (const { reason } of leftOut) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [commonest] = [...counts].sort(([, a], [, b]) => b - a);
  if (commonest === undefined) return '';
  const [reason, count] = commonest;
  const share = count === leftOut.length ? '' : `${count} of them `;
  return ` (${leftOut.length} left out, ${share}${REASONS[reason]})`;
}

/** After a number of files or folders. */
const REASONS: Readonly<Record<LeftOutReason, string>> = {
  'not-an-image': 'not named like an image',
  'nested-folder': 'in a folder within the class',
  unreadable: 'unreadable',
  'too-large': 'too large',
  tiny: 'too small',
  duplicate: 'twice in the class',
  contradiction: 'in another class too',
  'in-test-data': 'in the test data too',
};

function tooFewClasses(folder: string, { classes, leftOut }: FolderListing): DatasetError {
  const [only] = classes;
  const has = only === undefined ? 'no class folder' : `only one class folder, "${only.id}"`;
  const hint = leftOut.some(({ reason }) => reason === 'nested-folder')
    ? ' It holds folders itself: are those the classes?'
    : '';
  return new DatasetError('too-few-classes', `${folder} has ${has}; at least 2 are needed.${hint}`);
}

/** Reads every listed file once, and sorts out what cannot be used. */
async function readImages(
  listing: FolderListing,
  labels: readonly ModelLabel[],
  { signal, onProgress }: ReadOptions,
): Promise<Pick<Found, 'images' | 'leftOut'>> {
  const position = new Map(labels.map(({ id }, label) => [id, label]));
  const files = listing.classes.flatMap(({ id, images }) =>
    images.map((image) => ({ ...image, label: position.get(id) ?? 0 })),
  );
  const hashes: (string | undefined)[] = [];
  const leftOut = [...listing.leftOut];
  let done = 0;
  const readOne = async ({ file, path }: { file: string; path: string }, index: number) => {
    const result = await inspect(file);
    if (typeof result === 'string') hashes[index] = result;
    else leftOut.push({ path, ...result });
    onProgress?.({ done: ++done, total: files.length });
  };
  await forEachAtOnce(files, FILES_AT_ONCE, readOne, signal);
  const usable = files.flatMap((file, index) => {
    const sha256 = hashes[index];
    return sha256 === undefined ? [] : [{ ...file, sha256 }];
  });
  const { images, duplicates } = withoutDuplicates(usable);
  return { images, leftOut: [...leftOut, ...duplicates] };
}

/** The hash of a file's bytes, or why it is left out. */
async function inspect(file: string): Promise<string | Omit<LeftOut, 'path'>> {
  try {
    const { size } = await stat(file);
    if (size > MAX_IMAGE_BYTES) {
      return { reason: 'too-large', message: `is over ${MAX_IMAGE_BYTES / 1e6} MB, more than is accepted in service` };
    }
    const bytes = await readFile(file);
    const { width, height } = await inspectImage(bytes);
    if (Math.min(width, height) < MIN_SHORTER_SIDE) {
      return { reason: 'tiny', message: `has ${width} x ${height} pixels, and ${MIN_SHORTER_SIDE} a side are needed` };
    }
    return createHash('sha256').update(bytes).digest('hex');
  } catch (error) {
    if (!isProblem(error) && !isSystemError(error)) throw error;
    return { reason: 'unreadable', message: `cannot be read: ${error.message}` };
  }
}

/** Within a class the first of equal images stays; those that are in several classes contradict each other, and none stays. */
function withoutDuplicates(images: readonly DatasetImage[]): { images: DatasetImage[]; duplicates: LeftOut[] } {
  const groups = new Map<string, DatasetImage[]>();
  for (const image of images) {
    const twins = groups.get(image.sha256);
    if (twins === undefined) groups.set(image.sha256, [image]);
    else twins.push(image);
  }
  const kept: DatasetImage[] = [];
  const duplicates: LeftOut[] = [];
  for (const image of images) {
    const twins = groups.get(image.sha256) ?? [];
    const [first = image] = twins;
    const stranger = twins.find(({ label }) => label !== image.label);
    if (stranger !== undefined) {
      const message = `is the same picture as ${stranger.path}, in another class`;
      duplicates.push({ path: image.path, reason: 'contradiction', message });
    } else if (image === first) {
      kept.push(image);
    } else {
      duplicates.push({
        path: image.path,
        reason: 'duplicate',
        message: `is the same picture as ${first.path}`,
      });
    }
  }
  return { images: kept, duplicates };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

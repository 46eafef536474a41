// Images with their classes, and what is derived from them alone. Knows no folder and no pixels.
import { ModelLabel } from '@app/contracts/sagemaker';
import { createHash } from 'node:crypto';

/** Images of one dataset differ in content: what is there twice was left out. */
export interface DatasetImage {
  /** Where it is. */
  readonly file: string;
  /** Below the data folder, always with `/`: what people are told. */
  readonly path: string;
  /** Position of its class. */
  readonly label: number;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

export type LeftOutReason =
  | 'not-an-image'
  | 'nested-folder'
  | 'unreadable'
  | 'too-large'
  | 'tiny'
  | 'duplicate'
  | 'contradiction'
  | 'in-test-data';

/** A file or folder that is not learnt from, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: LeftOutReason;
  /** Goes on after the path: `rose/1.jpg` - "is the same picture as rose/2.jpg". */
  readonly message: string;
}

export interface Dataset {
  readonly folder: string;
  /** One for each class, in the order of their folders' names. */
  readonly labels: readonly ModelLabel[];
  /** Ordered by class and path. */
  readonly images: readonly DatasetImage[];
  /** Images of each class. */
  readonly counts: readonly number[];
  /** What an image of each class should weigh in training; see `balancedWeights`. All 1 unless the classes are strongly imbalanced. */
  readonly weights: readonly number[];
  /** Ordered by path. */
  readonly leftOut: readonly LeftOut[];
  /** Sentences. */
  readonly warnings: readonly string[];
  /** SHA-256 over class and content of every image, in hexadecimal: the same data gives it wherever the files are and whatever they are called. */
  readonly hash: string;
}

/** Classes whose sizes differ by more than this are weighed: up to it, a linear head loses next to nothing on the rare ones. */
const STRONG_IMBALANCE = 10;

export function datasetOf(
  found: Pick<Dataset, 'folder' | 'labels' | 'images' | 'leftOut' | 'warnings'>,
  { weigh }: { weigh: boolean },
): Dataset {
  const { labels, images } = found;
  const counts = countsOf(images, labels.length);
  const isImbalanced = weigh && Math.max(...counts) > STRONG_IMBALANCE * Math.min(...counts);
  return {
    ...found,
    counts,
    weights: isImbalanced ? balancedWeights(counts) : counts.map(() => 1),
    leftOut: [...found.leftOut].sort((a, b) => (a.path < b.path ? -1 : 1)),
    warnings: isImbalanced ? [...found.warnings, imbalanceWarning(labels, counts)] : found.warnings,
    hash: hashOfImages(images, labels),
  };
}

/** Number of images of each of `classes` classes. */
export function countsOf(images: readonly DatasetImage[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const { label } of images) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/**
 * Images / (classes * images of the class): every class weighs the same in sum, and an image 1 on average (King and Zeng 2001;
 * scikit-learn's `balanced`).
 */
export function balancedWeights(counts: readonly number[]): number[] {
  const images = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count === 0 ? 0 : images / (counts.length * count)));
}

/** SHA-256 over class and content of every image, hexadecimal, in whatever order they are. */
export function hashOfImages(images: readonly DatasetImage[], labels: readonly ModelLabel[]): string {
  return hashOf(images.map((image) => [labels[image.label]?.id ?? '', image.sha256]));
}

/** SHA-256 over rows in any order, hexadecimal. */
export function hashOf(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).sort();
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line);
  return hash.digest('hex');
}

function imbalanceWarning(labels: readonly ModelLabel[], counts: readonly number[]): string {
  const largest = counts.indexOf(Math.max(...counts));
  const smallest = counts.indexOf(Math.min(...counts));
  const describe = (label: number) => `"${labels[label]?.id ?? ''}" has ${counts[label] ?? 0}`;
  return (
    `The classes are strongly imbalanced: ${describe(largest)} images and ${describe(smallest)}. ` +
    'Images of rare classes weigh more in training; more images of them would do better.'
  );
}

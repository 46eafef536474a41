// Reads what a dataset version says of itself, which people may also have written by hand. Pure.
import { DATASET_MANIFEST_FILE, DATASET_MANIFEST_FORMAT, DatasetManifest } from './dataset-manifest';

/** Class folders right beside the manifest. */
export const BESIDE_THE_MANIFEST = './';

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MAX_NAME_LENGTH = 63;
const VERSION = /^[A-Za-z0-9._-]{1,64}$/;
const S3_PREFIX = /^s3:\/\/[a-z0-9][a-z0-9.-]+\/([^\p{Cc}]*\/)?$/u;
const MANIFEST_URI = /^(s3:\/\/[^/]+\/(?:.*\/)?)[^/]+$/s;

type Members = Readonly<Record<string, unknown>>;

/** A `dataset.json` that cannot be used; the message names all that is wrong with it. */
export class DatasetManifestError extends Error {
  constructor(faults: readonly string[]) {
    super(`${DATASET_MANIFEST_FILE} cannot be used: ${faults.join('; ')}.`);
    this.name = 'DatasetManifestError';
  }
}

/**
 * What is needed to learn from a version; how it came to be is left out.
 *
 * @throws DatasetManifestError when it is no manifest of this format
 */
export function parseDatasetManifest(text: string): DatasetManifest {
  const members = membersOf(text);
  if (members === undefined) throw new DatasetManifestError(['it is not a JSON object']);
  const { format, name, version, data, test, other, images, classes } = members;
  if (format !== DATASET_MANIFEST_FORMAT) {
    throw new DatasetManifestError([`"format" must be ${DATASET_MANIFEST_FORMAT}, the one that this version reads`]);
  }
  const faults = [
    isText(name, NAME) && String(name).length <= MAX_NAME_LENGTH
      ? ''
      : `"name" must be lower-case words with dashes, of ${MAX_NAME_LENGTH} letters at most`,
    isText(version, VERSION) ? '' : '"version" must be 1 to 64 letters, digits, dots, dashes or underscores',
    data === BESIDE_THE_MANIFEST || isText(data, S3_PREFIX)
      ? ''
      : `"data" must be "${BESIDE_THE_MANIFEST}" or like "s3://bucket/photos/"`,
    ...Object.entries({ test, other }).map(([key, value]) =>
      value === undefined || isText(value, S3_PREFIX) ? '' : `"${key}" must be like "s3://bucket/photos/"`,
    ),
    ...countFaults(images, classes),
  ].filter((fault) => fault !== '');
  if (faults.length > 0) throw new DatasetManifestError(faults);
  const all = { format, name, version, data, images, classes, ...(test !== undefined && { test }) };
  return { ...all, ...(other !== undefined && { other }) } as DatasetManifest; // each member was looked at above
}

/**
 * S3 prefix of the class folders, with a slash at its end.
 *
 * @param uri of the manifest: `s3://bucket/datasets/flowers/0123/dataset.json`
 */
export function datasetPrefix({ data }: DatasetManifest, uri: string): string {
  if (data !== BESIDE_THE_MANIFEST) return data;
  const [, prefix] = MANIFEST_URI.exec(uri) ?? [];
  if (prefix === undefined) throw new RangeError(`${uri} is not the S3 URI of a ${DATASET_MANIFEST_FILE}`);
  return prefix;
}

function countFaults(images: unknown, classes: unknown): string[] {
  if (!isObject(classes) || !Object.values(classes).every(isCount)) {
    return ['"classes" must hold the number of photos of each class'];
  }
  const total = Object.values(classes).reduce<number>((sum, photos) => sum + Number(photos), 0);
  return isCount(images) && images === total ? [] : [`"images" must be ${total}, the sum of "classes"`];
}

function membersOf(text: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

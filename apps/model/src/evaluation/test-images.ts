// Which images judge the model: those of a test folder, or the part of the training data that training set aside.
import { ModelManifest } from '@app/contracts/sagemaker';
import { DatasetImage, LeftOut, readDataset, readTestData, splitDataset } from '@app/learning';
import { EvaluationError } from './evaluation.error';

export interface TestImages {
  /** `label` is the position among the model's labels. */
  readonly images: readonly DatasetImage[];
  readonly leftOut: readonly LeftOut[];
  readonly warnings: readonly string[];
  readonly setAside: boolean;
}

/** Throws `DatasetError` and, when the training data is not what the model was made from, `EvaluationError`. */
export async function readTestImages(
  folder: string,
  manifest: ModelManifest,
  signal?: AbortSignal,
): Promise<TestImages> {
  const options = signal === undefined ? {} : { signal };
  const split = splitOf(manifest);
  if (split === undefined) {
    const { images, leftOut, warnings } = await readTestData(folder, manifest.labels, options);
    return { images, leftOut, warnings, setAside: false };
  }
  const dataset = await readDataset(folder, options);
  const { test, hash } = splitDataset(dataset, split, split.seed);
  if (hash !== manifest.data?.['splitHash']) {
    throw new EvaluationError(
      `The model was to be tested with a part of its training data that was set aside, and the data in ${folder} has changed since, ` +
        'or is other data. Evaluate it with the data it was made from, or train again.',
    );
  }
  // By id, for the order of folders need not be that of the labels.
  const positions = dataset.labels.map(({ id }) => manifest.labels.findIndex((label) => label.id === id));
  const images = test.map((image) => ({ ...image, label: positions[image.label] ?? -1 }));
  // What was left out of the training data is told by the model package.
  return { images, leftOut: [], warnings: [], setAside: true };
}

export interface Split {
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
}

/** The split that training notes in `data.split`; undefined when it set nothing aside, or when something else made the model. */
export function splitOf({ data }: ModelManifest): Split | undefined {
  const split = data?.['split'];
  if (typeof split !== 'object' || split === null) return undefined;
  const { validation, test, seed } = split as Readonly<Record<string, unknown>>; // an object; its members are looked at below
  const isSplit = typeof validation === 'number' && typeof test === 'number' && typeof seed === 'number';
  return isSplit && test > 0 ? { validation, test, seed } : undefined;
}

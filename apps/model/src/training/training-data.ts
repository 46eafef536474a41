// What a job learns from: the images of its channels, shared out. Looks at no pixels.
import {
  countsOf,
  Dataset,
  DatasetError,
  DatasetImage,
  DatasetSplit,
  LeftOut,
  MIN_IMAGES_PER_CLASS,
  readDataset,
  ReadOptions,
  readTrainingAndTestData,
  splitDataset,
} from '@app/learning';
import { TrainingSettings } from './hyperparameters';
import { JobInput } from './read-job-input';

export interface TrainingData {
  readonly dataset: Dataset;
  readonly split: DatasetSplit;
  /** Of the channel `test`: only left out of what is learnt from. */
  readonly testData?: Dataset;
  /** Sentences. */
  readonly warnings: readonly string[];
}

/** Throws `DatasetError`, or the signal's reason. */
export async function readTrainingData(
  { train, test }: JobInput['channels'],
  { validationShare, testShare, seed }: TrainingSettings,
  options: ReadOptions,
): Promise<TrainingData> {
  const read = async (): Promise<Pick<TrainingData, 'dataset' | 'testData'>> => {
    if (test === undefined) return { dataset: await readDataset(train, options) };
    const { training, test: testData } = await readTrainingAndTestData(train, test, options);
    return { dataset: training, testData };
  };
  const found = await read();
  return {
    ...found,
    split: splitDataset(found.dataset, { validation: validationShare, test: testShare }, seed),
    warnings: [...found.dataset.warnings, ...(found.testData?.warnings ?? [])],
  };
}

/** The images of all parts without those that turned out to be broken. Throws a `DatasetError` when a class has too few left. */
export function usableImages({ labels, images }: Dataset, broken: readonly LeftOut[]): readonly DatasetImage[] {
  if (broken.length === 0) return images;
  const paths = new Set(broken.map(({ path }) => path));
  const usable = images.filter(({ path }) => !paths.has(path));
  const before = countsOf(images, labels.length);
  const faults = countsOf(usable, labels.length).flatMap((count, label) =>
    count >= MIN_IMAGES_PER_CLASS
      ? []
      : [`Class "${labels[label]?.id ?? ''}" has ${count} usable images (${(before[label] ?? 0) - count} are broken).`],
  );
  if (faults.length === 0) return usable;
  throw new DatasetError('too-few-images', `${faults.join(' ')} At least ${MIN_IMAGES_PER_CLASS} a class are needed.`);
}

// Which images are learnt from, which choose between models, and which only judge. Decides by content, never by name or order.
import { createHash } from 'node:crypto';
import { Dataset, DatasetImage, hashOf } from './dataset';

export interface SplitShares {
  /** Above 0. */
  readonly validation: number;
  /** 0 when there is separate test data. At most half of the images in both. */
  readonly test: number;
}

/** Each ordered like the dataset. */
export interface DatasetSplit {
  readonly train: readonly DatasetImage[];
  readonly validation: readonly DatasetImage[];
  readonly test: readonly DatasetImage[];
  /** SHA-256 over part, class and content of every image, hexadecimal. */
  readonly hash: string;
}

/**
 * Every image has a number between 0 and 1 that follows from its content and the seed: those below `test` are test images, those below
 * `test + validation` validation images, the rest is trained on. So an image stays in its part whatever else is added or removed,
 * and the shares hold for each class on average; a class of 100 images has 15 % give or take 4.
 *
 * A class so small that a part with a share would have none of its images lends it the one whose number is nearest to the limit.
 * Only such a lent image can change its part, once the class has an image of its own for it.
 */
export function splitDataset(dataset: Dataset, { validation, test }: SplitShares, seed = 0): DatasetSplit {
  if (!(validation > 0 && test >= 0 && validation + test <= 0.5)) {
    throw new RangeError(
      'The validation share must be above 0, and at least half of the images must be left to learn from.',
    );
  }
  const parts = new Map<DatasetImage, Part>();
  dataset.labels.forEach((_, label) => {
    const ordered = dataset.images
      .filter((image) => image.label === label)
      .map((image) => ({ image, number: numberOf(image, seed) }))
      .sort((a, b) => a.number - b.number);
    const below = (limit: number) => ordered.filter(({ number }) => number < limit).length;
    // Two places are kept for the parts that follow.
    const testEnd = Math.min(Math.max(below(test), test > 0 ? 1 : 0), ordered.length - 2);
    const validationEnd = Math.min(Math.max(below(test + validation), testEnd + 1), ordered.length - 1);
    ordered.forEach(({ image }, at) =>
      parts.set(image, at < testEnd ? 'test' : at < validationEnd ? 'validation' : 'train'),
    );
  });
  const imagesOf = (part: Part) => dataset.images.filter((image) => parts.get(image) === part);
  return {
    train: imagesOf('train'),
    validation: imagesOf('validation'),
    test: imagesOf('test'),
    hash: hashOf(
      dataset.images.map((image) => [parts.get(image) ?? '', dataset.labels[image.label]?.id ?? '', image.sha256]),
    ),
  };
}

type Part = 'train' | 'validation' | 'test';

/** 48 bits are more than enough to tell millions of images apart, and exact in a double. */
function numberOf({ sha256 }: DatasetImage, seed: number): number {
  return createHash('sha256').update(`${seed}:${sha256}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

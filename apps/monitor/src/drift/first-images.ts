import { ClassificationEvent } from '@app/contracts/monitoring';
import { ImageProperty } from '@app/contracts/sagemaker';
import { ComparedBaseline } from './baseline-source';
import { megapixels } from './reference';
import { SCORE_TENTHS, tenthOf } from './score-tenths';

/** Images that become the baseline of a model that brings none. */
export const FIRST_IMAGES = 1000;

/** What is kept of one image until there are enough. */
type FirstImage = Pick<
  ClassificationEvent,
  'label' | 'score' | 'outOfSetScore' | 'brightness' | 'contrast' | 'sharpness' | 'sketch'
> & { readonly megapixels: number };

/** Collects the first images of a model without a baseline. It keeps each of them, which is not much and soon over. */
export class FirstImages {
  private readonly images: FirstImage[] = [];

  get isComplete(): boolean {
    return this.images.length >= FIRST_IMAGES;
  }

  add(event: ClassificationEvent): void {
    if (this.isComplete) return;
    const { label, score, outOfSetScore, brightness, contrast, sharpness, sketch } = event;
    const image = {
      label,
      score,
      outOfSetScore,
      brightness,
      contrast,
      sharpness,
      sketch,
      megapixels: megapixels(event),
    };
    this.images.push(withoutUndefined(image));
  }

  /** What all images had is compared; what some of them lacked is not. */
  toBaseline(): ComparedBaseline {
    const { images } = this;
    const count = images.length;
    const labelShares: Record<string, number> = {};
    const scoreHistogram = new Array<number>(SCORE_TENTHS).fill(0);
    for (const { label, score } of images) {
      if (label !== undefined) labelShares[label] = (labelShares[label] ?? 0) + 1 / count;
      const tenth = tenthOf(score);
      scoreHistogram[tenth] = (scoreHistogram[tenth] ?? 0) + 1 / count;
    }
    const outOfSet = decilesOf(images.map(({ outOfSetScore }) => outOfSetScore));
    const properties = (['brightness', 'contrast', 'sharpness', 'megapixels'] as const).map(
      (name) => [name, decilesOf(images.map((image) => image[name]))] as const,
    );
    const sketch = sketchOf(images.map((image) => image.sketch));
    return {
      images: count,
      labelShares,
      scoreHistogram,
      ...(outOfSet && { outOfSetDeciles: outOfSet }),
      ...(sketch && { sketch }),
      ...(properties.every(([, deciles]) => deciles !== undefined) && {
        imageDeciles: Object.fromEntries(properties) as Record<ImageProperty, number[]>, // all four, just seen
      }),
    };
  }

  store(): readonly FirstImage[] {
    return this.images;
  }

  static restore(stored: readonly FirstImage[]): FirstImages {
    const restored = new FirstImages();
    restored.images.push(...stored.slice(0, FIRST_IMAGES));
    return restored;
  }
}

export type StoredFirstImages = readonly FirstImage[];

/** The nine values that divide the values into ten equal parts, interpolated; nothing when one is missing. */
function decilesOf(values: readonly (number | undefined)[]): number[] | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length < values.length || sorted.length === 0) return undefined;
  return Array.from({ length: 9 }, (_, index) => {
    const position = ((sorted.length - 1) * (index + 1)) / 10;
    const below = sorted[Math.floor(position)] ?? NaN;
    const above = sorted[Math.ceil(position)] ?? NaN;
    return below + (above - below) * (position - Math.floor(position));
  });
}

function sketchOf(sketches: readonly (readonly number[] | undefined)[]): ComparedBaseline['sketch'] {
  const dimension = sketches[0]?.length ?? 0;
  const whole = sketches.filter((sketch) => sketch?.length === dimension) as (readonly number[])[]; // undefined has no length
  if (dimension === 0 || whole.length < sketches.length) return undefined;
  const mean = Array.from({ length: dimension }, (_, at) => sumOf(whole, (sketch) => sketch[at] ?? 0) / whole.length);
  const covariance = Array.from({ length: dimension * dimension }, (_, index) => {
    const [row, column] = [Math.floor(index / dimension), index % dimension];
    const product = (sketch: readonly number[]) =>
      ((sketch[row] ?? 0) - (mean[row] ?? 0)) * ((sketch[column] ?? 0) - (mean[column] ?? 0));
    return sumOf(whole, product) / (whole.length - 1);
  });
  return { mean, covariance };
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function withoutUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T; // JSON would drop them as well
}

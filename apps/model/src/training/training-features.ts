// From images to the rows that a head learns from and is judged by. Every image is computed in the views that are needed, no more.
import {
  Backbone,
  DatasetImage,
  DatasetSplit,
  extractFeatures,
  ExtractProgress,
  FeatureSet,
  ImageProperties,
  ImageViewName,
  LeftOut,
} from '@app/learning';

export interface TrainingFeatures {
  /** First the images as they are, then their other views. */
  readonly training: FeatureSet;
  /** For each row of `training` the number of its image. */
  readonly groups: Uint32Array;
  /** The images as they are. */
  readonly validation: FeatureSet;
  readonly validationProperties: ImageProperties;
  /** Images whose pixels cannot be read; they are in neither. */
  readonly broken: readonly LeftOut[];
  /** Images all of whose features were kept from earlier runs. */
  readonly cached: number;
  /** Sentences. */
  readonly warnings: readonly string[];
}

export interface TrainingFeaturesOptions {
  /** Whether training images are learnt from as they are seen in a mirror, too. */
  readonly flipped: boolean;
  readonly cacheFolder?: string;
  readonly signal: AbortSignal;
  /** Over the images of both parts. */
  readonly onProgress: (progress: ExtractProgress) => void;
}

/** Throws what `extractFeatures` throws, and the signal's reason. */
export async function trainingFeatures(
  { train, validation }: Pick<DatasetSplit, 'train' | 'validation'>,
  backbone: Backbone,
  { flipped, onProgress, ...options }: TrainingFeaturesOptions,
): Promise<TrainingFeatures> {
  const total = train.length + validation.length;
  const extract = (
    images: readonly DatasetImage[],
    views: readonly ImageViewName[],
    before: number,
    properties = false,
  ) =>
    extractFeatures(images, backbone, {
      ...options,
      views,
      properties,
      onProgress: ({ done, imagesPerSecond }) => {
        const soFar = { done: before + done, total };
        if (imagesPerSecond === undefined) onProgress(soFar);
        else onProgress({ ...soFar, imagesPerSecond, remainingMs: ((total - soFar.done) * 1000) / imagesPerSecond });
      },
    });
  const learntFrom = await extract(train, flipped ? ['identity', 'flip'] : ['identity'], 0);
  const judgedBy = await extract(validation, ['identity'], train.length, true);
  options.signal.throwIfAborted(); // told so during the last images
  const images = learntFrom.images.length;
  const views = Object.values(learntFrom.views);
  return {
    training: joined(views),
    groups: Uint32Array.from({ length: images * views.length }, (_, row) => row % images),
    validation: judgedBy.views.identity,
    validationProperties: judgedBy.properties,
    broken: [...learntFrom.leftOut, ...judgedBy.leftOut],
    cached: learntFrom.cached + judgedBy.cached,
    warnings: [...new Set([...learntFrom.warnings, ...judgedBy.warnings])], // both read the same cache
  };
}

/** One set after another; all have as many rows. */
function joined(sets: readonly FeatureSet[]): FeatureSet {
  const [length, rows] = [sets[0]?.features.length ?? 0, sets[0]?.labels.length ?? 0];
  const features = new Float32Array(sets.length * length);
  const labels = new Uint32Array(sets.length * rows);
  sets.forEach((set, index) => {
    features.set(set.features, index * length);
    labels.set(set.labels, index * rows);
  });
  return { features, dimension: sets[0]?.dimension ?? 0, labels };
}

import { DatasetImage, ExtractedFeatures, FeatureSet } from '@app/learning';
import { trainingFeatures, View } from './training-features';

const image = (sha256: string, label: number): DatasetImage => ({ file: '', path: sha256, sha256, label });
const [a, b, c, broken] = [image('a', 0), image('b', 1), image('c', 1), image('broken', 0)];
const set = (...features: number[]): FeatureSet => ({
  features: Float32Array.from(features),
  dimension: 2,
  labels: Uint32Array.of(0, 1, 1),
});

it('gives every view of the training images, image by image, and validation images as they are', () => {
  const extracted: ExtractedFeatures<View> = {
    views: { identity: set(1, 2, 3, 4, 5, 6), flip: set(-1, -2, -3, -4, -5, -6) },
    images: [a, b, c],
    leftOut: [],
    cached: 0,
    warnings: [],
  };

  const { training, groups, validation } = trainingFeatures(extracted, { train: [a, broken, c], validation: [b] });

  expect(training).toEqual({
    features: Float32Array.of(1, 2, 5, 6, -1, -2, -5, -6),
    dimension: 2,
    labels: Uint32Array.of(0, 1, 0, 1),
  });
  expect([...groups]).toEqual([0, 1, 0, 1]);
  expect(validation).toEqual({ features: Float32Array.of(3, 4), dimension: 2, labels: Uint32Array.of(1) });
});

// A few numbers for many features, by which sets of images can be compared: distances between features are about kept
// (Johnson and Lindenstrauss 1984; with signs instead of normal numbers Achlioptas 2003).
//
// What is kept in model packages is compared with what containers tell years later: the directions must never change.
import { SKETCH_DIMENSIONS } from '@app/contracts/sagemaker';
import { createHash } from 'node:crypto';

const NAME = 'image-classifier feature sketch 1';

/** For each number of the sketch the signs of the features; by how many features there are. */
const known = new Map<number, readonly Float32Array[]>();

/**
 * Number k is the sum over the features of `sign * feature`, divided by the square root of their number. The sign of feature j is
 * plus where bit k, the lowest first, of the first four bytes (big-endian) of SHA-256(`image-classifier feature sketch 1/<j>`) is set.
 */
export function featureSketch(features: Float32Array): number[] {
  const dimension = features.length;
  const scale = 1 / Math.sqrt(dimension);
  return signsFor(dimension).map((signs) => {
    let sum = 0;
    for (let index = 0; index < dimension; index += 1) sum += (features[index] ?? 0) * (signs[index] ?? 0);
    return sum * scale;
  });
}

function signsFor(dimension: number): readonly Float32Array[] {
  const signs = known.get(dimension) ?? makeSigns(dimension);
  known.set(dimension, signs);
  return signs;
}

function makeSigns(dimension: number): readonly Float32Array[] {
  const bits = Uint32Array.from({ length: dimension }, (_, index) =>
    createHash('sha256').update(`${NAME}/${index}`).digest().readUInt32BE(),
  );
  return Array.from({ length: SKETCH_DIMENSIONS }, (_, at) =>
    Float32Array.from(bits, (each) => (((each >>> at) & 1) === 1 ? 1 : -1)),
  );
}

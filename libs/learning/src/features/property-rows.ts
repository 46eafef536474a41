// Properties of images as rows of numbers, which are kept like features. Column by column as in `IMAGE_PROPERTIES`.
import { DecodedImage, observePixels } from '@app/imaging';
import { FeatureSet } from '../feature-set';
import { IMAGE_PROPERTIES, ImageProperties } from '../image-properties';

/** Raised by hand whenever `propertyRow` or `observePixels` begin to give other values for the same pixels. */
export const PROPERTIES_VERSION = 1;

export function propertyRow({ pixels, width, height, original }: DecodedImage): Float32Array {
  const { brightness, contrast, sharpness } = observePixels(pixels, width, height);
  return Float32Array.of(brightness, contrast, sharpness, (original.width * original.height) / 1e6);
}

export function propertiesOf({ features }: Pick<FeatureSet, 'features'>): ImageProperties {
  const columns = IMAGE_PROPERTIES.map((name, column) => [
    name,
    features.filter((_, at) => at % IMAGE_PROPERTIES.length === column),
  ]);
  return Object.fromEntries(columns) as ImageProperties; // fromEntries forgets the names
}

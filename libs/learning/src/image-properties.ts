import { ImageProperty } from '@app/contracts/sagemaker';

export const IMAGE_PROPERTIES = [
  'brightness',
  'contrast',
  'sharpness',
  'megapixels',
] as const satisfies readonly ImageProperty[];

/** Properties of many images: of each a value for every image. */
export type ImageProperties = Readonly<Record<ImageProperty, Float32Array>>;

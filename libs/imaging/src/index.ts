/** The one way to turn the bytes of an image into pixels, for serving and for training. Knows neither Nest nor SageMaker. */
export { describeContent, sniffImageFormat } from './content-sniffer';
export { decodeForModel } from './decode-for-model';
export type { DecodedImage, ModelView } from './decode-for-model';
export { imageTensor } from './image-tensor';
export type { ImageTensor, TensorLayout } from './image-tensor';
export { normaliseImage } from './normalise-image';
export type { NormalisedImage } from './normalise-image';

/** The one way to turn the bytes of an image into pixels, for serving and for training. Knows neither Nest nor SageMaker. */
export { sniffContentKind, sniffImageFormat } from './content-sniffer';
export { decodeForModel } from './decode-for-model';
export type { DecodedImage, ModelView } from './decode-for-model';
export { encodePng } from './encode-png';
export { imageTensor } from './image-tensor';
export type { ImageTensor, TensorLayout } from './image-tensor';
export { IMAGING_VERSION } from './imaging-version';
export { inspectImage } from './inspect-image';
export type { InspectedImage } from './inspect-image';
export { normaliseImage } from './normalise-image';
export type { NormalisedImage } from './normalise-image';
export { observePixels } from './observe-pixels';
export type { PixelObservation } from './observe-pixels';
export { photoForLearning } from './photo-for-learning';
export { thumbnail } from './thumbnail';
export type { Thumbnail } from './thumbnail';

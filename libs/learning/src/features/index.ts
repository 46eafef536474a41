export { BackboneError, DEFAULT_BACKBONE } from './backbone';
export type { Backbone, TrainableBackbone } from './backbone';
export { extractFeatures } from './extract-features';
export type { ExtractedFeatures, ExtractOptions, ExtractProgress } from './extract-features';
export type { ImageViewName } from './image-views';

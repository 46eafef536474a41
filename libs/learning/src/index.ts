/** From folders of photos to a classifier that knows how sure it is. Knows neither Nest nor SageMaker. */
export * from './calibration';
export * from './dataset';
export * from './feature-set';
export * from './features';
export * from './head';
export * from './image-properties';
export * from './metrics';
export * from './package';
export * from './report';
export * from './sketch';
export * from './system-error';

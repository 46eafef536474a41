/** From folders of photos to a classifier that knows how sure it is. Knows neither Nest nor SageMaker. */
export * from './feature-set';
export * from './head';

/** What a dataset version says of itself: the command line writes it, what starts the pipeline reads it. No framework, no AWS SDK. */
export * from './dataset-manifest';
export * from './parse-dataset-manifest';

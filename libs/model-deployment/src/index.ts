/**
 * Puts an approved model version behind a SageMaker endpoint. It reads no environment and knows neither Nest nor
 * Lambda.
 */
export * from './approved-model-packages';
export * from './check-deployment';
export * from './deployed-version';
export * from './deployment.error';
export * from './deployment-context';
export * from './object-store.port';
export * from './rollback';
export * from './s3-object-store';
export * from './sagemaker-failures';
export * from './start-deployment';
export * from './wait-for-deployment';

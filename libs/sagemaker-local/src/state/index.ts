export * from './local-s3';
export * from './state-folder';

export * from './local-s3';
export * from './numbered-records';
export * from './state-folder';

export * from './apply-head';
export * from './fit-head';
export * from './linear-head';

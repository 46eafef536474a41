export * from './learn-classifier';
export * from './model-card';
export * from './model-evaluation';
export * from './write-package';

export * from './learn-classifier';
export * from './model-card';
export * from './write-package';

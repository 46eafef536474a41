export * from './drift-baseline';
export * from './feature-statistics';
export * from './temperature';
export * from './thresholds';

export * from './classification-metrics';
export * from './confused-pairs';
export * from './evaluate';
export * from './out-of-set-metrics';
export * from './probability-metrics';
export * from './selective-metrics';

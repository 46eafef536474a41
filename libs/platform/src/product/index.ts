export * from './product-version';

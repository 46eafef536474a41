export * from './evaluation-page';

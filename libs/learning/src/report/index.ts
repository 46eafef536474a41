export * from './evaluation-page';
export type { Mistake } from './mistakes';

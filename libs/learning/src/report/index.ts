export * from './evaluation-page';
export type { Mistake } from './mistakes';
export { PAGE_STYLE } from './page-style';

export * from './apply-head';
export * from './fit-head';
export * from './linear-head';
export { seededRandom, shuffle } from './seeded-random';

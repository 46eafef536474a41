export type { Dataset, DatasetImage, LeftOut, LeftOutReason } from './dataset';
export { balancedWeights, countsOf, hashOfImages } from './dataset';
export { DatasetError } from './dataset.error';
export {
  MIN_IMAGES_PER_CLASS,
  MIN_SHORTER_SIDE,
  readDataset,
  readTestData,
  readTrainingAndTestData,
  readUnlabelledImages,
} from './read-dataset';
export type { ReadOptions } from './read-dataset';
export { splitDataset } from './split-dataset';
export type { DatasetSplit, SplitShares } from './split-dataset';

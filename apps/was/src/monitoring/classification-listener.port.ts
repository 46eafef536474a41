import { Classification } from '@app/contracts/classification';
import { TraceContext } from '@app/platform';
import { ClassifierAnswer } from '../classification/classifier.port';

/** Is told of each classification before its caller gets it. */
export abstract class ClassificationListener {
  /** Whether it wants to know what the container observes of images, and how far the best two labels are apart. */
  abstract readonly observes: boolean;

  /** Neither throws nor takes time: what has to be done with it is done later. */
  abstract classified(classification: Classification, answer: ClassifierAnswer, trace: TraceContext): void;
}

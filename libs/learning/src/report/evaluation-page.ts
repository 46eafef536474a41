import { EvaluationReport } from '@app/contracts/learning';

/** A test image that got a wrong answer. */
export interface EvaluationMistake {
  /** Below the test data folder. */
  readonly path: string;
  /** Ids. */
  readonly label: string;
  readonly predicted: string;
  /** Calibrated, of the predicted label. */
  readonly score: number;
  /** A small picture of it. */
  readonly image: Buffer;
  readonly mediaType: string;
}

export interface EvaluationPageFacts {
  readonly report: EvaluationReport;
  /** Those with the highest scores, highest first. */
  readonly mistakes: readonly EvaluationMistake[];
}

/** One HTML page for people that needs no other file. */
export function evaluationPage({ report, mistakes }: EvaluationPageFacts): string {
  return `<!doctype html><title>${report.model.name}</title><p>${report.test.images} images, ${mistakes.length} mistakes</p>\n`;
}

import { Language, localize } from '@app/contracts';
import { Classification, ClassificationResponse, knownDecision } from '@app/contracts/classification';

/** The public answer: texts in one language, milliseconds to hundredths, scores to a ten-thousandth. */
export function localiseClassification(classification: Classification, language: Language): ClassificationResponse {
  const { timing, score, predictions } = classification;
  return {
    ...classification,
    decision: knownDecision(classification.decision),
    score: roundScore(score),
    predictions: predictions.map(({ label, name, description, score }) => ({
      label,
      name: localize(name, language),
      ...(description === undefined ? {} : { description: localize(description, language) }),
      score: roundScore(score),
    })),
    timing: {
      decodeMs: roundMs(timing.decodeMs),
      queueMs: roundMs(timing.queueMs),
      inferMs: roundMs(timing.inferMs),
      totalMs: roundMs(timing.totalMs),
    },
  };
}

function roundScore(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}

function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

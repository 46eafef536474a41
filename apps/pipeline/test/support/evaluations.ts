// Figures of models that nobody trained.
import { EvaluationReport, TestPrediction, TestPredictions } from '@app/contracts/learning';

export interface EvaluationOptions {
  readonly name?: string;
  readonly accuracy?: number;
  readonly accuracyDrop?: number;
  readonly testHash?: string;
  readonly agreement?: number;
}

export function evaluation(options: EvaluationOptions = {}): EvaluationReport {
  const { name = 'flowers', accuracy = 0.967, accuracyDrop = 0, testHash = 'aaaa', agreement = 1 } = options;
  const figure = { value: accuracy, standard_deviation: 'NaN' } as const;
  const calibration = { logLoss: 0.1, brier: 0.05, ece: 0.012, bins: [] };
  return {
    multiclass_classification_metrics: {
      confusion_matrix: {},
      accuracy: figure,
      weighted_recall: figure,
      weighted_precision: figure,
      weighted_f0_5: figure,
      weighted_f1: figure,
      weighted_f2: figure,
    },
    schemaVersion: 1,
    created: '2026-11-23T10:00:00Z',
    model: {
      name,
      created: '2026-11-23T09:59:00Z',
      labels: [
        { id: 'rose', name: 'rose' },
        { id: 'tulip', name: 'tulip' },
      ],
      temperature: 1,
      thresholds: { uncertain: 0.5 },
      trainingImages: 1548,
      dataHash: 'd1d1',
      splitHash: 's1s1',
    },
    test: { images: 396, hash: testHash, setAside: false, leftOut: [] },
    quality: {
      accuracy,
      accuracyInterval: { low: accuracy - 0.02, high: accuracy + 0.015 },
      balancedAccuracy: accuracy,
      macroF1: accuracy,
      perClass: [{ label: 'rose', name: 'rose', images: 200, precision: 0.95, recall: 0.97, f1: 0.96 }],
      confusion: [],
      beforeCalibration: calibration,
      afterCalibration: calibration,
      riskCoverage: [],
      aurc: 0.01,
      decisions: { label: 0.9, uncertain: 0.08, unknown: 0.02 },
      selectiveAccuracy: 0.99,
    },
    outOfSet: [{ name: 'other', images: 120, decisions: { label: 0.1, uncertain: 0.1, unknown: 0.8 }, auroc: 0.97 }],
    parity: { images: 396, agreement, largestDifference: 0.0002 },
    latency: { images: 50, p50Ms: 12.34, p95Ms: 15, maxMs: 20, inferMs: 10 },
    comparison: {
      comparable: 1,
      explanation: 'everyday-objects is right for 96.0 % of them.',
      deployed: { name: 'everyday-objects', accuracy: accuracy + accuracyDrop },
      accuracyDrop,
    },
  };
}

/** Images that are right, then images that are wrong. */
export function predictions(images: number, wrong: readonly number[], testHash = 'aaaa'): TestPredictions {
  const list = Array.from({ length: images }, (_, i): TestPrediction => {
    const [label, other] = i % 2 === 0 ? ['rose', 'tulip'] : ['tulip', 'rose'];
    return {
      path: `${label}/${i}.jpg`,
      sha256: `hash-${i}`,
      label,
      predicted: wrong.includes(i) ? other : label,
      score: 0.9,
      decision: 'label',
    };
  });
  return { schemaVersion: 1, testHash, images: list };
}

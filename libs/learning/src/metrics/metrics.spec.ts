import { askPython, hasPythonReference } from '../testing';
import { seededRandom } from '../head/seeded-random';
import { classificationScores, confusionMatrix, wilsonInterval } from './classification-metrics';
import { evaluate } from './evaluate';
import { auroc, fpr95, quantile } from './out-of-set-metrics';
import {
  brierScore,
  calibrationBins,
  expectedCalibrationError,
  logLoss,
  softmaxRows,
  topPredictions,
} from './probability-metrics';
import { areaUnderRiskCoverage, riskCoverageCurve, selectiveScores } from './selective-metrics';

describe('wilsonInterval', () => {
  it('gives the textbook values', () => {
    // 8 of 10: (0.8 + 1.96^2 / 20 -+ 1.96 sqrt(0.16 / 10 + 1.96^2 / 400)) / (1 + 1.96^2 / 10)
    expect(wilsonInterval(8, 10).low).toBeCloseTo(0.4902, 4);
    expect(wilsonInterval(8, 10).high).toBeCloseTo(0.9433, 4);
    expect(wilsonInterval(10, 10)).toEqual({ low: expect.closeTo(0.7225, 4), high: expect.closeTo(1, 12) });
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('classificationScores', () => {
  const labels = Uint32Array.of(0, 0, 0, 0, 1, 1, 2);
  const predicted = Uint32Array.of(0, 0, 0, 1, 1, 1, 1);

  it('counts and averages', () => {
    const matrix = confusionMatrix(labels, predicted, 4);
    const scores = classificationScores(matrix);

    expect(matrix).toEqual([
      [3, 1, 0, 0],
      [0, 2, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(scores.perClass[0]).toEqual({ precision: 1, recall: 0.75, f1: expect.closeTo(6 / 7, 12), support: 4 });
    expect(scores.perClass[1]).toEqual({ precision: 0.5, recall: 1, f1: expect.closeTo(2 / 3, 12), support: 2 });
    expect(scores.perClass[2]).toEqual({ precision: 0, recall: 0, f1: 0, support: 1 });
    expect(scores.accuracy).toBeCloseTo(5 / 7, 12);
    expect(scores.balancedAccuracy).toBeCloseTo((0.75 + 1 + 0) / 3, 12); // the fourth class has no images
    expect(scores.macroF1).toBeCloseTo((6 / 7 + 2 / 3 + 0) / 3, 12);
  });

  it('refuses class numbers that there are not', () => {
    expect(() => confusionMatrix(labels, predicted, 2)).toThrow(RangeError);
    expect(() => confusionMatrix(Uint32Array.of(0), Uint32Array.of(3), 2)).toThrow(RangeError);
  });
});

describe('probabilities', () => {
  const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.3, 0.3, 0.4);
  const labels = Uint32Array.of(0, 1);

  it('have a log loss and a Brier score', () => {
    expect(logLoss(probabilities, labels, 3)).toBeCloseTo(-(Math.log(0.7) + Math.log(0.3)) / 2, 12);
    expect(brierScore(probabilities, labels, 3)).toBeCloseTo((0.09 + 0.04 + 0.01 + 0.09 + 0.49 + 0.16) / 2, 12);
    expect(logLoss(Float64Array.of(1, 0), Uint32Array.of(1), 2)).toBeCloseTo(34.54, 2);
  });

  it('have a best class: of equal ones the first', () => {
    const { predicted, confidence } = topPredictions(Float64Array.of(0.2, 0.4, 0.4, 0.5, 0.3, 0.2), 3);

    expect([...predicted]).toEqual([1, 0]);
    expect([...confidence]).toEqual([0.4, 0.5]);
  });

  it('come from logits without overflow', () => {
    expect([...softmaxRows(Float32Array.of(1000, 1000, 0, Math.log(3)), 2)]).toEqual([
      0.5,
      0.5,
      expect.closeTo(0.25, 6),
      expect.closeTo(0.75, 6),
    ]);
    expect(softmaxRows(Float32Array.of(0, Math.log(9)), 2, 2)[1]).toBeCloseTo(0.75, 6);
  });

  it('are compared with what came true, in bins of equal mass', () => {
    const confidence = Float64Array.of(0.9, 0.5, 0.8, 0.6);
    const bins = calibrationBins(confidence, [true, false, true, false], 2);

    expect(bins).toEqual([
      { count: 2, meanConfidence: 0.55, accuracy: 0 },
      { count: 2, meanConfidence: expect.closeTo(0.85, 12), accuracy: 1 },
    ]);
    expect(expectedCalibrationError(bins)).toBeCloseTo((0.55 + 0.15) / 2, 12);
    expect(calibrationBins(confidence, [true, true, true, true]).map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  });
});

describe('risk and coverage', () => {
  const confidence = Float64Array.of(0.6, 0.9, 0.6, 0.8);
  const isRight = [false, true, true, true];

  it('answers images of equal confidence together', () => {
    expect(riskCoverageCurve(confidence, isRight)).toEqual([
      { threshold: 0.9, coverage: 0.25, risk: 0 },
      { threshold: 0.8, coverage: 0.5, risk: 0 },
      { threshold: 0.6, coverage: 1, risk: 0.25 },
    ]);
    expect(areaUnderRiskCoverage(riskCoverageCurve(confidence, isRight))).toBeCloseTo(0.5 * 0.25, 12);
  });

  it('tells what a threshold leaves', () => {
    expect(selectiveScores(confidence, isRight, 0.8)).toEqual({ coverage: 0.5, accuracy: 1 });
    expect(selectiveScores(confidence, isRight, 0.6)).toEqual({ coverage: 1, accuracy: 0.75 });
    expect(selectiveScores(confidence, isRight, 0.99)).toEqual({ coverage: 0, accuracy: 1 });
  });
});

describe('out-of-set scores', () => {
  it('are judged by how often they rank right', () => {
    expect(auroc([1, 2, 3], [4, 5])).toBe(1);
    expect(auroc([4, 5], [1, 2, 3])).toBe(0);
    expect(auroc([1, 3], [3, 0])).toBeCloseTo((1 + 0.5 + 0 + 0) / 4, 12);
    expect(auroc([], [1])).toBeNaN();
  });

  it('are judged by what passes when 95 % of the known pass', () => {
    const inside = Array.from({ length: 101 }, (_, at) => at);
    expect(quantile(inside, 0.95)).toBeCloseTo(95, 12);
    expect(fpr95(inside, [10, 94, 96, 200])).toBe(0.5);
  });
});

const describeWithPython = hasPythonReference() ? describe : describe.skip;
describeWithPython('the metrics beside NumPy and SciPy (skipped without them)', () => {
  it('agree on 500 random answers', () => {
    const random = seededRandom(7);
    const [count, classes, temperature] = [500, 5, 1.7];
    const labels = Uint32Array.from({ length: count }, () => Math.floor(random() ** 2 * classes));
    const logits = Float32Array.from(
      { length: count * classes },
      (_, at) => random() * 3 + (labels[Math.floor(at / classes)] === at % classes ? 1.5 : 0),
    );
    const outside = Array.from({ length: 80 }, () => random() + 0.3);
    const inside = Array.from({ length: 120 }, () => random());

    const reference = askPython(
      `
from scipy.special import log_softmax
from scipy.stats import mannwhitneyu, binomtest
y = np.array(data['labels']); z = np.array(data['logits']).reshape(len(y), -1) / data['temperature']; n, k = z.shape
p = np.exp(log_softmax(z, axis=1)); top = p.argmax(1); c = p.max(1); right = top == y
C = np.zeros((k, k), int); np.add.at(C, (y, top), 1); recall = C.diagonal() / C.sum(1)
order = np.argsort(c, kind='stable'); parts = np.array_split(order, 15)
edges = [order[i * n // 15:(i + 1) * n // 15] for i in range(15)]
interval = binomtest(int(right.sum()), n).proportion_ci(method='wilson')
i, o = np.array(data['inside']), np.array(data['outside'])
answer = dict(
  accuracy=right.mean(), low=interval.low, high=interval.high, balancedAccuracy=recall.mean(),
  macroF1=np.mean(2 * C.diagonal() / (C.sum(0) + C.sum(1))), logLoss=-np.log(p[np.arange(n), y]).mean(),
  brier=((p - np.eye(k)[y]) ** 2).sum(1).mean(), ece=sum(len(e) / n * abs(right[e].mean() - c[e].mean()) for e in edges),
  aurc=np.mean(np.cumsum(~right[order[::-1]]) / np.arange(1, n + 1)),
  auroc=mannwhitneyu(o, i).statistic / len(i) / len(o), fpr95=(o <= np.quantile(i, 0.95)).mean())`,
      { labels: [...labels], logits: [...logits], temperature, inside, outside },
    );

    const { accuracyInterval, afterCalibration, ...scores } = evaluate({
      logits,
      labels,
      classes,
      temperature,
      uncertain: 0.5,
    });
    const ours = {
      ...{ accuracy: scores.accuracy, low: accuracyInterval.low, high: accuracyInterval.high },
      ...{ balancedAccuracy: scores.balancedAccuracy, macroF1: scores.macroF1, aurc: scores.aurc },
      ...{ logLoss: afterCalibration.logLoss, brier: afterCalibration.brier, ece: afterCalibration.ece },
      ...{ auroc: auroc(inside, outside), fpr95: fpr95(inside, outside) },
    };
    const expected = Object.fromEntries(
      Object.entries(reference as Record<string, number>).map(([name, value]) => [name, expect.closeTo(value, 9)]),
    );
    expect(ours).toEqual(expected);
  });
});

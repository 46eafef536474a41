import { EvaluationReport } from '@app/contracts/learning';
import { percent } from '../job/figures';

/** What a person wants to know first, a line each. */
export function summarise(report: EvaluationReport): string {
  const { model, test, quality, outOfSet, parity, latency, comparison } = report;
  const { low, high } = quality.accuracyInterval;
  const { label, uncertain, unknown } = quality.decisions;
  const besides = test.leftOut.length === 0 ? '' : `, ${test.leftOut.length} left out`;
  return [
    `${model.name} on ${test.images} test images${test.setAside ? ' that were set aside from the training data' : ''}${besides}`,
    `accuracy     ${percent(quality.accuracy)} (95 % interval ${percent(low)} to ${percent(high)})`,
    `answers      ${percent(label)}, of which ${percent(quality.selectiveAccuracy)} are right; ${percent(uncertain)} uncertain, ${percent(unknown)} unknown`,
    `calibration  ECE ${quality.beforeCalibration.ece.toFixed(3)} before, ${quality.afterCalibration.ece.toFixed(3)} after`,
    ...outOfSet.map(
      ({ name, images, decisions, auroc }) =>
        `${name.padEnd(12)} ${images} images: ${percent(decisions.unknown)} unknown, ${percent(decisions.uncertain)} uncertain; AUROC ${auroc.toFixed(3)}`,
    ),
    `parity       ${percent(parity.agreement)} of ${parity.images} images the same over HTTP, probabilities within ${parity.largestDifference.toFixed(4)}`,
    `latency      median ${latency.p50Ms.toFixed(1)} ms, 95 % under ${latency.p95Ms.toFixed(1)} ms; the network alone ${latency.inferMs.toFixed(1)} ms`,
    `comparison   ${comparison.explanation}${changesOf(report)}`,
  ].join('\n');
}

function changesOf({ quality, comparison: { deployed, changes } }: EvaluationReport): string {
  if (deployed === undefined || changes === undefined) return '';
  const { onlyFirstRight, onlySecondRight, pValue } = changes;
  return (
    ` It has ${percent(deployed.accuracy)}, this one ${percent(quality.accuracy)}; ` +
    `images right only now: ${onlySecondRight}, only with it: ${onlyFirstRight} (p = ${pValue.toFixed(3)}).`
  );
}

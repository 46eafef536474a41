// A run and what it came to, as a person reads it.
import { EvaluationReport } from '@app/contracts/learning';
import { count, duration, localTime, milliseconds, percent, percentRange, small } from '../output/figures';
import { indented } from '../output/output';
import { cut, facts, table } from '../output/table';
import { stateWords } from '../progress/run-display';
import { durationOf, Run, RunSummary } from './run';
import { RunResult } from './run.service';

const OUTCOME_WORDS = {
  running: 'is running',
  registered: 'went through',
  refused: 'was refused by the gate',
  stopped: 'was stopped',
  failed: 'failed',
} as const;

export function resultLines(result: RunResult, now: Date): string[] {
  const { run, outcome, version, evaluation, report, conditions } = result;
  const model = run.name ?? 'the model';
  return [
    outcome === 'registered' && version !== undefined
      ? `Run ${run.id} registered ${model} as version ${version}.`
      : `Run ${run.id} ${OUTCOME_WORDS[outcome]}.`,
    ...(outcome === 'refused' ? indented(conditions.filter(({ met }) => !met).map(({ sentence }) => sentence)) : []),
    ...(outcome === 'failed' ? indented(reasonOf(run)) : []),
    '',
    ...indented(stepTable(run, now)),
    ...(evaluation === undefined ? [] : ['', ...indented(evaluationLines(evaluation))]),
    ...(report === undefined ? [] : ['', `Report: ${report}`]),
  ];
}

function reasonOf(run: Run): string[] {
  const step = run.steps.find(({ state }) => state === 'failed');
  const reason = step?.failure ?? run.failure;
  return reason === undefined ? [] : [`${step === undefined ? '' : `${step.name}: `}${reason}`];
}

export function stepTable(run: Run, now: Date): string[] {
  return table(
    [{ title: 'step' }, { title: 'time', align: 'right' }, { title: '' }],
    run.steps.map((step) => {
      const took = durationOf(step, now);
      return [
        step.name,
        took === undefined ? '' : duration(took),
        step.state === 'failed' && step.refusal === undefined ? 'failed' : stateWords(step, now, true),
      ];
    }),
  );
}

/** The figures of an evaluation that decide whether a model is good enough. */
export function evaluationLines({ quality, test, outOfSet, parity, latency, comparison }: EvaluationReport): string[] {
  return facts([
    [
      'accuracy',
      `${percent(quality.accuracy)} of ${count(test.images, 'test image')}${test.setAside ? ' (set aside)' : ''}; 95 % interval ${percentRange(quality.accuracyInterval)}`,
    ],
    ['calibration', `expected error (ECE) ${percent(quality.afterCalibration.ece)}`],
    [
      'answers',
      `${percent(quality.decisions.label)} sure, of which ${percent(quality.selectiveAccuracy)} right; ${percent(quality.decisions.uncertain)} uncertain, ${percent(quality.decisions.unknown)} unknown`,
    ],
    ...outOfSet.map(
      ({ name, images, decisions }) =>
        [
          `not of it (${name})`,
          `${percent(decisions.unknown)} unknown, ${percent(decisions.uncertain)} uncertain, ${percent(decisions.label)} given a label, of ${count(images, 'image')}`,
        ] as const,
    ),
    ['deployed model', comparison.explanation],
    [
      'served as trained',
      `same label for ${percent(parity.agreement)} of ${count(parity.images, 'image')}, probabilities differ by ${small(parity.largestDifference)} at most`,
    ],
    ['time for a photo', `${milliseconds(latency.p50Ms)} (median), ${milliseconds(latency.p95Ms)} (95 %)`],
  ]);
}

/** In a list; the run by itself tells all of it. */
const FAILURE_COLUMNS = 60;

export function runTable(runs: readonly RunSummary[]): string[] {
  return table(
    [{ title: 'run' }, { title: 'model' }, { title: 'started' }, { title: 'state' }, { title: '' }],
    runs.map(({ id, name, started, state, failure }) => [
      id,
      name ?? '',
      localTime(started),
      state,
      cut(failure?.split('\n', 1)[0] ?? '', FAILURE_COLUMNS),
    ]),
  );
}

// The verdict in words, then the figures it rests on.
import { EvaluationReport, PARITY_LIMITS } from '@app/contracts/learning';
import { ComponentChildren } from 'preact';
import { count, counted, decimal, milliseconds, percent, points, pValue } from './number-texts';
import { Name } from './parts';
import { isChance, keepsParity, rightImages } from './readings';

/** From here on, the interval says more of the test than of the model. */
const WIDE_INTERVAL = 0.1;

export function Headline({ report }: { report: EvaluationReport }) {
  const { model, test, quality } = report;
  const { low, high } = quality.accuracyInterval;
  const right = rightImages(quality);
  const areAllRight = right === test.images;
  return (
    <header>
      <p class="kicker">Evaluation report</p>
      <h1>
        <Name>{model.name}</Name> gets{' '}
        {areAllRight ? `all ${counted(test.images, 'test image')}` : `${percent(quality.accuracy)} of the test images`}{' '}
        right
      </h1>
      <p class="lead">
        {!areAllRight && `${count(right)} of ${count(test.images)}. `}Of other images of the same kind, expect{' '}
        {percent(low)} to {percent(high)} (95{'\u00a0'}% interval).
        {high - low > WIDE_INTERVAL && ' So few test images cannot say more.'}
      </p>
      <ul class="verdicts">
        <ComparisonVerdict report={report} />
        <CalibrationVerdict report={report} />
        <ParityVerdict parity={report.parity} />
      </ul>
      <KeyFigures report={report} />
    </header>
  );
}

type Tone = 'good' | 'caution' | 'bad' | 'plain';

/** Shapes, so that a verdict does not hang on colour; the sentence beside one says it all. */
const MARKS: Record<Tone, string> = {
  good: 'M4.5 8.5 7 11l4.5-6',
  caution: 'M8 4v5M8 11.5v.5',
  bad: 'm5 5 6 6m0-6-6 6',
  plain: 'M4.5 8h7',
};

function Verdict({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <li class={`verdict ${tone}`}>
      <svg viewBox="0 0 16 16" width="22" height="22" aria-hidden="true">
        <circle cx="8" cy="8" r="7.25" />
        <path d={MARKS[tone]} />
      </svg>
      <p>{children}</p>
    </li>
  );
}

function ComparisonVerdict({ report: { comparison, quality } }: { report: EvaluationReport }) {
  const { deployed, changes, explanation } = comparison;
  if (comparison.comparable === 0 || deployed === undefined) {
    return (
      <Verdict tone="plain">
        <strong>Not compared with a deployed model.</strong> <Name>{explanation}</Name>
      </Verdict>
    );
  }
  const gain = quality.accuracy - deployed.accuracy;
  const couldBeChance = changes === undefined || isChance(changes);
  const [tone, words] =
    gain === 0
      ? (['good', 'As accurate as the deployed model'] as const)
      : couldBeChance
        ? ([gain > 0 ? 'good' : 'caution', 'No clear difference from the deployed model'] as const)
        : gain > 0
          ? (['good', 'Better than the deployed model'] as const)
          : (['bad', 'Worse than the deployed model'] as const);
  return (
    <Verdict tone={tone}>
      <strong>{words}.</strong> <Name>{deployed.name}</Name> gets {percent(deployed.accuracy)} right
      {gain !== 0 && (
        <>
          , {points(Math.abs(gain))} {gain > 0 ? 'less' : 'more'}; that{' '}
          {couldBeChance ? 'could be chance' : 'is hardly chance'}
          {changes !== undefined && <> ({pValue(changes.pValue)})</>}
        </>
      )}
      .
    </Verdict>
  );
}

function CalibrationVerdict({ report: { quality, test } }: { report: EvaluationReport }) {
  const { beforeCalibration: before, afterCalibration: after } = quality;
  const noise = 0.5 / Math.sqrt(test.images); // the largest standard error of a share of so many images
  const isWorse = after.ece > before.ece + noise && after.logLoss > before.logLoss;
  return (
    <Verdict tone={isWorse ? 'caution' : 'good'}>
      <strong>Scores are off by {points(after.ece)} on average</strong> (calibration error, ECE; {points(before.ece)}{' '}
      before calibration).{isWorse && ' On these images calibration has made the scores worse, not better.'}
    </Verdict>
  );
}

function ParityVerdict({ parity }: { parity: EvaluationReport['parity'] }) {
  const { images, agreement, largestDifference } = parity;
  const measured = `Same answer for ${percent(agreement)} of ${counted(images, 'image')}, scores at most ${points(largestDifference)} apart`;
  if (keepsParity(parity)) {
    return (
      <Verdict tone="good">
        <strong>The service answers as the training did.</strong> {measured}.
      </Verdict>
    );
  }
  return (
    <Verdict tone="bad">
      <strong>The service does not answer as the training did.</strong> {measured}; asked for are{' '}
      {percent(PARITY_LIMITS.agreement)} and {points(PARITY_LIMITS.largestDifference)}. Find out why before this model
      is used.
    </Verdict>
  );
}

function KeyFigures({ report: { quality, outOfSet, latency } }: { report: EvaluationReport }) {
  const other = outOfSet.find(({ name }) => name === 'other') ?? outOfSet[0];
  const { low, high } = quality.accuracyInterval;
  const figures: readonly (readonly [name: string, figure: string, meaning: ComponentChildren])[] = [
    ['Accuracy', percent(quality.accuracy), `between ${percent(low)} and ${percent(high)}`],
    ['Balanced accuracy', percent(quality.balancedAccuracy), 'every class counts the same'],
    ['Macro F1', percent(quality.macroF1), 'precision and recall in one'],
    ['Log loss', decimal(quality.afterCalibration.logLoss), 'lower is better'],
    ['Answered', percent(quality.decisions.label), 'of the test images get a label'],
    ['Right when answered', percent(quality.selectiveAccuracy), 'of those labels'],
    other === undefined
      ? ['Out-of-set AUROC', '\u2013', 'not measured']
      : [
          'Out-of-set AUROC',
          decimal(other.auroc),
          <>
            telling test images from: <Name>{other.name}</Name>
          </>,
        ],
    ['Time per photo', milliseconds(latency.p50Ms), `median; 95\u00a0% within ${milliseconds(latency.p95Ms)}`],
  ];
  return (
    <section aria-labelledby="key-figures">
      <h2 id="key-figures" class="visually-hidden">
        Key figures
      </h2>
      <dl class="figures">
        {figures.map(([name, figure, meaning]) => (
          <div key={name} class="card">
            <dt>{name}</dt>
            <dd class="figure">{figure}</dd>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

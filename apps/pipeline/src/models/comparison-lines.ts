// A comparison of two versions as a person reads it.
import { PairedChanges } from '@app/contracts/learning';
import { count, percent, percentRange, small } from '../output/figures';
import { indented } from '../output/output';
import { table } from '../output/table';
import { ChangedImage, TestedVersion, VersionComparison } from './compare-versions';
import { versionInWords } from './model-version';

/** From here on a difference counts as one. */
export const SIGNIFICANCE_LEVEL = 0.05;
const IMAGES_SHOWN = 10;

export function comparisonLines({ first, second, changes, gains }: VersionComparison): string[] {
  const head = table(
    [
      { title: 'version' },
      { title: 'accuracy', align: 'right' },
      { title: '95 % interval', align: 'right' },
      { title: 'test images', align: 'right' },
    ],
    [first, second].map(accuracyRow),
  );
  if (changes === undefined) {
    return [
      ...head,
      '',
      'They were tested with different images, so these figures cannot be compared directly:',
      'a difference may come from the images. Run both with the same --test to compare them.',
    ];
  }
  return [...head, '', verdict(changes, first, second), ...changeLines(changes, first, second, gains)];
}

/** One sentence on what the difference amounts to. */
export function verdict(changes: PairedChanges, first: TestedVersion, second: TestedVersion): string {
  const images = count(changes.images, 'image');
  const { onlyFirstRight: a, onlySecondRight: b, pValue } = changes;
  if (changes.differentAnswers === 0) {
    const scores =
      changes.largestScoreDifference === 0
        ? ''
        : ` Their scores differ by ${small(changes.largestScoreDifference)} at most.`;
    return `No difference: both give the same answers to all ${images}.${scores}`;
  }
  const figures = `of ${images}, only version ${first.version.number} is right for ${a}, only version ${second.version.number} for ${b}`;
  if (pValue >= SIGNIFICANCE_LEVEL) {
    return `No difference that could not be chance: ${figures} (p = ${pInWords(pValue)}).`;
  }
  const better = a > b ? first : second;
  return `Version ${better.version.number} is better: ${figures}. So uneven a change would be rare if both were equally good (p ${pInWords(pValue, '= ')}).`;
}

function changeLines(
  changes: PairedChanges,
  first: TestedVersion,
  second: TestedVersion,
  gains: VersionComparison['gains'],
): string[] {
  const names = new Map(first.evaluation.model.labels.map(({ id, name }) => [id, name]));
  const perClass = table(
    [
      { title: 'class' },
      { title: `version ${first.version.number}`, align: 'right' },
      { title: `version ${second.version.number}`, align: 'right' },
      { title: 'change', align: 'right' },
    ],
    changes.perClass.map(({ label, firstRecall, secondRecall }) => [
      names.get(label) ?? label,
      percent(firstRecall),
      percent(secondRecall),
      `${secondRecall > firstRecall ? '+' : ''}${((secondRecall - firstRecall) * 100).toFixed(1)}`,
    ]),
  );
  return [
    ...(changes.perClass.length === 0 ? [] : ['', 'Images of a class that are named rightly:', ...indented(perClass)]),
    ...gainLines(first, gains.first),
    ...gainLines(second, gains.second),
  ];
}

function gainLines({ version }: TestedVersion, images: readonly ChangedImage[]): string[] {
  if (images.length === 0) return [];
  const rows = images.slice(0, IMAGES_SHOWN).map(({ path, first, second }) => [path, first, second]);
  const rest = images.length - rows.length;
  return [
    '',
    `Only version ${version.number} is right:`,
    ...indented(table([{ title: 'image' }, { title: 'first says' }, { title: 'second says' }], rows)),
    ...(rest > 0 ? [`  and ${rest} more (--json lists all)`] : []),
  ];
}

function accuracyRow({ version, evaluation: { quality, test } }: TestedVersion): string[] {
  return [
    versionInWords(version),
    percent(quality.accuracy),
    percentRange(quality.accuracyInterval),
    test.images.toLocaleString('en'),
  ];
}

function pInWords(pValue: number, equals = ''): string {
  return pValue < 0.0001 ? '< 0.0001' : `${equals}${pValue.toFixed(pValue < 0.001 ? 4 : 3)}`;
}

// Feedback as a person reads it in a terminal.
import { count, localTime, percent } from '../output/figures';
import { indented } from '../output/output';
import { facts, table } from '../output/table';
import { FeedbackSummary, SUSPICION_RULES } from './summarise-feedback';

const SHOWN_ROWS = 15;
const SHOWN_IDS = 3;

/** `names`: of labels, by their ids. */
export function feedbackLines(summary: FeedbackSummary, names: ReadonlyMap<string, string>): string[] {
  const { feedback, right, wrong, withPhoto, since, until, reviews, corrections, disagreements, suspicious } = summary;
  const called = (label: string) => names.get(label) ?? label;
  const shareOf = (some: number) => `${some.toLocaleString('en')} (${percent(some / feedback)})`;
  return [
    `${count(feedback, 'piece of feedback', 'pieces of feedback')} from ${timeOf(since)} to ${timeOf(until)}`,
    '',
    ...indented(
      facts([
        ['the answer was right', shareOf(right)],
        ['the answer was wrong', shareOf(wrong)],
        ['with a photo', shareOf(withPhoto)],
        ['of these', `${reviews.open} to review, ${reviews.accepted} accepted, ${reviews.rejected} rejected`],
      ]),
    ),
    ...section('Wrong answers', correctionRows(corrections, called)),
    ...section(
      'Disagreements: the same photo with different labels',
      limited(
        disagreements.map(({ image, labels, ids }) => {
          const said = Object.entries(labels).map(([label, times]) => `${called(label)} ${times} x`);
          return `${image.slice(0, 12)}  ${said.join(', ')}  (${idsInWords(ids)})`;
        }),
      ),
    ),
    ...section(
      'Doubtful',
      suspicious.map(({ suspicion, ids }) => `${ids.length} x ${SUSPICION_RULES[suspicion]} (${idsInWords(ids)})`),
    ),
  ];
}

function correctionRows(corrections: FeedbackSummary['corrections'], called: (label: string) => string): string[] {
  const nameOr = (label: string | null, none: string) => (label === null ? none : called(label));
  const rows = corrections.map(({ said, given, count }) => [
    nameOr(said, '(unknown)'),
    nameOr(given, '(not said)'),
    String(count),
  ]);
  if (rows.length === 0) return [];
  return limited(table([{ title: 'the model said' }, { title: 'it is' }, { title: 'times', align: 'right' }], rows));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...indented(lines)];
}

function limited(lines: readonly string[]): string[] {
  const left = lines.length - SHOWN_ROWS;
  return [...lines.slice(0, SHOWN_ROWS), ...(left > 0 ? [`and ${left} more; --json has all of them`] : [])];
}

function idsInWords(ids: readonly string[]): string {
  return [...ids.slice(0, SHOWN_IDS), ...(ids.length > SHOWN_IDS ? ['...'] : [])].join(', ');
}

function timeOf(time: string | null): string {
  return time === null ? '' : localTime(new Date(time));
}

import { FeedbackRecord } from '@app/contracts/feedback';
import { FeedbackItem } from './feedback-item';
import { BURST, MANY_OF_ONE_PHOTO, summariseFeedback } from './summarise-feedback';

const START = Date.parse('2026-11-20T10:00:00Z');

function item(index: number, more: Partial<FeedbackRecord> = {}, hourly = true): FeedbackItem {
  const at = new Date(START + index * (hourly ? 3_600_000 : 1000)).toISOString();
  const record: FeedbackRecord = {
    ...{ schemaVersion: 1, id: `f${index}`, classifiedAt: at, at, model: { name: 'flowers', version: '2.0.0' } },
    ...{ decision: 'label', said: 'rose', right: false, label: 'tulip', consent: true, image: null },
    ...more,
  };
  return { record, ...(record.image === null ? {} : { photo: `s3://local/feedback/images/${record.image}.jpg` }) };
}
const many = (length: number, more: Partial<FeedbackRecord>, hourly = true) =>
  Array.from({ length }, (_, index) => item(index, more, hourly));

it('counts decisions, photos and corrections', () => {
  const items = [item(0), item(1, { image: 'x' }), item(2, { right: true, label: null })];
  expect(summariseFeedback(items)).toMatchObject({
    ...{ feedback: 3, right: 1, wrong: 2, withPhoto: 1, since: '2026-11-20T10:00:00.000Z' },
    ...{ corrections: [{ said: 'rose', given: 'tulip', count: 2 }], disagreements: [], suspicious: [] },
  });
});

it('finds photos on which people disagree; that the answer was right is a label too', () => {
  const items = [item(0, { image: 'x' }), item(1, { image: 'x', right: true, label: null })];
  expect(summariseFeedback(items).disagreements).toEqual([
    { image: 'x', labels: { tulip: 1, rose: 1 }, ids: ['f0', 'f1'] },
  ]);
});

it('doubts many of one photo, bursts, and what contradicts itself; one less is not doubted', () => {
  const doubts = (items: readonly FeedbackItem[]) => summariseFeedback(items).suspicious.map((each) => each.suspicion);
  expect(doubts(many(MANY_OF_ONE_PHOTO, { image: 'x' }))).toEqual(['many-of-one-photo']);
  expect(doubts(many(MANY_OF_ONE_PHOTO - 1, { image: 'x' }))).toEqual([]);
  expect(doubts(many(BURST.feedback, {}, false))).toEqual(['burst']);
  expect(doubts(many(BURST.feedback - 1, {}, false))).toEqual([]);
  expect(doubts([item(0, { label: 'rose' })])).toEqual(['contradicts-itself']);
});

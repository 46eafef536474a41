import 'reflect-metadata';
import { DriftReport, MonitoringResponse } from '@app/contracts/monitoring';
import {
  check,
  DRIFT,
  MONITOR_SUMMARY,
  NOTHING_SEEN,
  QUIET,
  WAITING,
  WATCH,
} from '../../../test/support/monitor-answers';
import { describeMonitoring } from '../../status/describe-monitoring';
import { renderHtml } from '../send-page';
import { textsIn } from '../texts';
import { MonitoringWords } from './monitoring';

const UNLIKE = { ...DRIFT, checks: [check({ name: 'out-of-set', state: 'drift', score: 0.4, direction: 'more' })] };

function wordsOf(monitoring: MonitoringResponse): string {
  return renderHtml(<MonitoringWords texts={textsIn('en')} monitoring={monitoring} />, 'part');
}

describe('the words on what the model sees', () => {
  it.each([
    ['quiet', QUIET, 'The last hour looks like the photos this model was made with.'],
    ['watch', WATCH, 'The photos are brighter, but not by much.'],
    ['drift', DRIFT, 'In the last hour the photos are darker than the model knows.'],
    ['a second drift', DRIFT, 'The photos are blurrier.'],
    ['since when the window differs', DRIFT, 'There has been a large change since 14:10 UTC.'],
    ['unlike photos', UNLIKE, 'the photos are less familiar to the model than the photos this model was made with.'],
    ['waiting', WAITING, 'Too few photos yet to compare: it takes 100.'],
    ['no baseline', { ...WAITING, baseline: 'none' as const }, 'Nothing to compare with yet'],
  ])('say: %s', (_case, drift, sentence) => {
    const figures = describeMonitoring(MONITOR_SUMMARY, drift);
    expect(wordsOf({ state: 'on', window: '1h', figures })).toContain(sentence);
  });

  it('do not change with each photo or look: they are read out', () => {
    const words = (drift: DriftReport) =>
      wordsOf({ state: 'on', window: '1h', figures: describeMonitoring(MONITOR_SUMMARY, drift) });
    const more = (drift: DriftReport) => ({
      ...drift,
      images: drift.images + 1,
      checks: drift.checks.map((each) => ({ ...each, score: each.score * 1.01 })),
    });
    for (const drift of [QUIET, WATCH, DRIFT, WAITING]) expect(words(more(drift))).toBe(words(drift));
  });

  it('say that nothing came, and that nothing watches', () => {
    const figures = describeMonitoring(NOTHING_SEEN.summary, NOTHING_SEEN.drift);
    expect(wordsOf({ state: 'on', window: '24h', figures })).toContain('No photo came in the last 24 hours.');
    expect(wordsOf({ state: 'off', window: '1h' })).toContain('Nothing watches the model here');
    expect(wordsOf({ state: 'unavailable', window: '1h' })).toContain('does not answer right now');
  });
});

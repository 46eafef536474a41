import 'reflect-metadata';
import { MonitoringResponse } from '@app/contracts/monitoring';
import { DRIFT, MONITOR_SUMMARY, NOTHING_SEEN, QUIET, WAITING, WATCH } from '../../../test/support/monitor-answers';
import { describeMonitoring } from '../../status/describe-monitoring';
import { renderHtml } from '../send-page';
import { textsIn } from '../texts';
import { MonitoringWords } from './monitoring';

function wordsOf(monitoring: MonitoringResponse): string {
  return renderHtml(<MonitoringWords texts={textsIn('en')} monitoring={monitoring} />, 'part');
}

describe('the words on what the model sees', () => {
  it.each([
    ['quiet', QUIET, 'The last hour looks like the photos this model was made with.'],
    ['watch', WATCH, 'The photos are brighter than the model knows, but not by much (0.12, limit 0.2).'],
    ['drift', DRIFT, 'Since 14:10 UTC the photos are darker than the model knows (0.31, limit 0.2).'],
    ['a second drift', DRIFT, 'The photos are blurrier than the model knows (0.22, limit 0.2).'],
    ['waiting', WAITING, 'Too few photos yet to compare (12 of 100).'],
    ['no baseline', { ...WAITING, baseline: 'none' as const }, 'Nothing to compare with yet'],
  ])('say: %s', (_case, drift, sentence) => {
    const figures = describeMonitoring(MONITOR_SUMMARY, drift);
    expect(wordsOf({ state: 'on', window: '1h', figures })).toContain(sentence);
  });

  it('say that nothing came, and that nothing watches', () => {
    const figures = describeMonitoring(NOTHING_SEEN.summary, NOTHING_SEEN.drift);
    expect(wordsOf({ state: 'on', window: '24h', figures })).toContain('No photo came in the last 24 hours.');
    expect(wordsOf({ state: 'off', window: '1h' })).toContain('Nothing watches the model here');
    expect(wordsOf({ state: 'unavailable', window: '1h' })).toContain('does not answer right now');
  });
});

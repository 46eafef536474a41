import 'reflect-metadata';
import { ProblemError } from '@app/contracts';
import { describeTiers } from './describe-tiers';

describe('describeTiers', () => {
  it('words what tiers tell, in the language', () => {
    const problem = new ProblemError('model-unavailable', { retryAfterSeconds: 5 }).toDocument();
    const tiers = [
      { name: 'model', status: 'unavailable', problem },
      { name: 'monitor', status: 'unavailable', events: { waiting: 1200, dropped: 3 } },
      { name: 'was', status: 'ok', version: '1.0.0' },
    ] as const;

    expect(describeTiers(tiers, 'en')).toEqual([
      {
        name: 'model',
        status: 'unavailable',
        detail: 'The model is starting or does not answer. Try again in 5 seconds.',
      },
      { name: 'monitor', status: 'unavailable', detail: 'Not reached. Events: 1,200 waiting, 3 dropped.' },
      { name: 'was', status: 'ok', version: '1.0.0' },
    ]);
    expect(describeTiers(tiers, 'ko').map(({ detail }) => detail)).toEqual([
      '모델이 시작 중이거나 응답하지 않아요. 5초 뒤에 다시 시도해 주세요.',
      '연결할 수 없어요. 이벤트: 1,200개 대기 중, 3개 버림.',
      undefined,
    ]);
  });

  it('hands on the sentence of an earlier version as it is', () => {
    const detail = 'Events: 0 waiting, 0 dropped.';
    const [monitor] = describeTiers([{ name: 'monitor', status: 'ok', detail }], 'ko');
    expect(monitor).toEqual({ name: 'monitor', status: 'ok', detail });
  });
});

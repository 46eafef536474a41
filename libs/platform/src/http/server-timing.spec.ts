import { formatServerTiming, parseServerTiming } from './server-timing';

describe('Server-Timing', () => {
  it('comes back as it was written', () => {
    const header = formatServerTiming({ decode: 1.234, queue: 0 });

    expect(header).toBe('decode;dur=1.23, queue;dur=0.00');
    expect(parseServerTiming(header)).toEqual({ decode: 1.23, queue: 0 });
  });

  it('leaves out metrics without a duration', () => {
    expect(parseServerTiming('cache;desc="hit", total;dur=12')).toEqual({ total: 12 });
    expect(parseServerTiming(undefined)).toEqual({});
  });
});

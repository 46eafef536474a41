import {
  formatInvocationAttributes,
  formatInvocationTimings,
  parseInvocationAttributes,
  parseInvocationTimings,
} from './invocation-attributes';

describe('invocation attributes', () => {
  it('come back as they were written', () => {
    const attributes = {
      requestId: 'r-12345678',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      deadlineMs: 4999,
      topK: 3,
      heatmap: true,
    };

    expect(parseInvocationAttributes(formatInvocationAttributes(attributes))).toEqual(attributes);
  });

  it('leave out what makes no sense', () => {
    expect(parseInvocationAttributes('top_k=many&deadline_ms=-1&other=1')).toEqual({});
    expect(parseInvocationAttributes(undefined)).toEqual({});
  });

  it('refuse to grow beyond what SageMaker lets through', () => {
    expect(() => formatInvocationAttributes({ requestId: 'x'.repeat(2000) })).toThrow(RangeError);
  });
});

describe('invocation timings', () => {
  it('come back in milliseconds', () => {
    expect(parseInvocationTimings(formatInvocationTimings({ decodeMs: 1.5, queueMs: 0, inferMs: 3.25 }))).toEqual({
      decodeMs: 1.5,
      queueMs: 0,
      inferMs: 3.25,
    });
  });

  it('are absent when another container answered', () => {
    expect(parseInvocationTimings('some=thing')).toBeUndefined();
  });
});

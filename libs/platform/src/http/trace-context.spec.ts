import { continueTrace, formatTraceparent } from './trace-context';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

describe('trace context', () => {
  it('continues a trace with a span of its own', () => {
    const trace = continueTrace(`00-${TRACE_ID}-b7ad6b7169203331-00`);

    expect(trace).toMatchObject({ traceId: TRACE_ID, sampled: false });
    expect(trace.spanId).toMatch(/^(?!b7ad6b7169203331)[0-9a-f]{16}$/);
    expect(formatTraceparent(trace)).toBe(`00-${TRACE_ID}-${trace.spanId}-00`);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${TRACE_ID}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `00-${TRACE_ID.toUpperCase()}-b7ad6b7169203331-01`,
  ])('begins a new trace for %p', (header) => {
    const { traceId, sampled } = continueTrace(header);

    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(traceId).not.toBe(TRACE_ID);
    expect(sampled).toBe(true);
  });
});

import { LogPrinter } from './log-printer';

function print(lines: readonly (string | object)[], options: { level?: string; isColoured?: boolean } = {}): string[] {
  let text = '';
  const printer = new LogPrinter({ level: 'info', isColoured: false, ...options, write: (part) => (text += part) });
  for (const line of lines) printer.print('was', typeof line === 'string' ? line : JSON.stringify(line));
  return text.split('\n').slice(0, -1);
}

const time = new Date(2026, 0, 1, 12, 0, 1).toISOString();

describe('the log printer', () => {
  it('writes a JSON line as text, with the fields that tell something', () => {
    const record = {
      level: 'info',
      time,
      service: 'was',
      pid: 1,
      context: 'X',
      msg: 'classified',
      durationMs: 12,
      of: 'a dog',
    };

    expect(print([record])).toEqual(['was      | 12:00:01 info  classified durationMs=12 of="a dog"']);
  });

  it('reads the level and time that pino writes by default', () => {
    expect(print([{ level: 40, time: Date.parse(time), msg: 'slow' }])).toEqual(['was      | 12:00:01 warn  slow']);
  });

  it('names the service that a line says it is from', () => {
    expect(print([{ level: 'info', time, service: 'model', msg: 'warm' }])).toEqual(['model    | 12:00:01 info  warm']);
  });

  it('passes other lines through', () => {
    expect(print(['plain', '{"no": "log"}', '{broken', ''])).toEqual([
      'was      | plain',
      'was      | {"no": "log"}',
      'was      | {broken',
    ]);
  });

  it('shows where an error comes from', () => {
    const err = { type: 'Error', message: 'broken', stack: 'Error: broken\n    at here' };

    expect(print([{ level: 'error', time, msg: 'failed', err }])).toEqual([
      'was      | 12:00:01 error failed',
      'was      |          Error: broken',
      'was      |              at here',
    ]);
  });

  it('leaves out what Nest says while it starts, unless asked for more', () => {
    const lines = [
      { level: 'info', time, context: 'RouterExplorer', msg: 'Mapped {/health, GET} route' },
      { level: 'error', time, context: 'RouterExplorer', msg: 'broken' },
    ];

    expect(print(lines)).toHaveLength(1);
    expect(print(lines, { level: 'debug' })).toHaveLength(2);
  });

  it('shows nothing below its level', () => {
    const lines = [
      { level: 'info', time, msg: 'one' },
      { level: 'fatal', time, msg: 'two' },
    ];

    expect(print(lines, { level: 'warn' })).toEqual(['was      | 12:00:01 fatal two']);
    expect(print(lines, { level: 'silent' })).toEqual([]);
  });

  it('colours tier and level only when told to', () => {
    const [line] = print([{ level: 'warn', time, msg: 'careful' }], { isColoured: true });

    expect(line).toBe('\u001b[35mwas     \u001b[0m | \u001b[2m12:00:01\u001b[0m \u001b[33mwarn \u001b[0m careful');
  });
});

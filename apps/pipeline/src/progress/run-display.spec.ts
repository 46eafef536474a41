import { Run, RunStep } from '../runs/run';
import { runDisplay } from './run-display';

const STARTED = new Date('2026-11-23T10:00:00Z');
const after = (seconds: number) => new Date(STARTED.getTime() + seconds * 1000);
const step = (state: RunStep['state'], more: Partial<RunStep> = {}): RunStep => ({
  name: 'Train',
  state,
  started: STARTED,
  cached: false,
  ...more,
});
const run = (...steps: RunStep[]): Run => ({ id: 'r', state: 'running', started: STARTED, steps });
const saying = (sentence: string) => new Map([['Train', sentence]]);

function shown(isTTY: boolean, isColoured = false) {
  const written: string[] = [];
  let now = STARTED;
  const stream = { write: (text: string) => written.push(text), isTTY, columns: 40 };
  const display = runDisplay({ stream, isColoured, now: () => now });
  return { written, display, at: (seconds: number) => (now = after(seconds)) };
}

describe('a run in a log', () => {
  it('gets a line for each change, and for progress not more than one in five seconds', () => {
    const { written, display, at } = shown(false);
    display.update(run(step('running')), saying('10 of 90'));
    at(1);
    display.update(run(step('running')), saying('20 of 90'));
    at(6);
    display.update(run(step('running')), saying('60 of 90'));
    display.update(run(step('running')), saying('60 of 90'));
    at(20);
    display.update(run(step('succeeded', { ended: after(9) })), new Map());
    expect(written).toEqual(['Train: running\n', 'Train: 10 of 90\n', 'Train: 60 of 90\n', 'Train: done in 9.0 s\n']);
  });
});

describe('a run on a terminal', () => {
  it('is one block that is written over, with lines that fit', () => {
    const { written, display, at } = shown(true);
    at(67);
    display.update(run(step('running')), saying('features of a great many images are computed'));
    display.update(run(step('succeeded', { ended: after(70) }), step('running', { name: 'Evaluate' })), new Map());
    display.end();
    expect(written[0]).toMatch(/^. Train {4}1:07 {2}features of a great m…\n$/);
    const upAndClear = '\u001b[1A\u001b[0J';
    expect(written[1]?.slice(0, upAndClear.length)).toBe(upAndClear);
    expect(written[1]?.slice(upAndClear.length)).toMatch(/^✓ Train {7}1:10\n. Evaluate {4}1:07\n$/);
  });

  it('has colours only where they are wanted', () => {
    const [plain, coloured] = [shown(true), shown(true, true)];
    for (const { display } of [plain, coloured]) {
      display.update(run(step('failed', { failure: 'no photos\nat x' })), new Map());
      display.end();
    }
    expect(plain.written[0]).toBe('✗ Train    0:00  no photos\n');
    expect(coloured.written[0]).toContain('\x1b[31m✗\x1b[0m');
  });
});

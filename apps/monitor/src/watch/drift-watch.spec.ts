import { loadConfig } from '@app/platform';
import { Logger } from '@nestjs/common';
import { baselineOf, MODEL, Traffic, TrafficSource } from '../../test/support/synthetic-traffic';
import { MonitorConfig } from '../monitor.config';
import { Observations } from '../observation/observations';
import { MemoryStateStore } from '../state/memory-state-store';
import { StateKeeper } from '../state/state-keeper';
import { DriftWatch } from './drift-watch';

const MINUTE = 60_000;
const source = new TrafficSource(11);
const lines: string[] = [];

beforeAll(() => {
  const lineOf = (level: string) => (_: object, text: string) => void lines.push(`${level} ${text}`);
  Logger.overrideLogger({ log: lineOf('log'), warn: lineOf('warn'), error: lineOf('error') });
});
beforeEach(() => (lines.length = 0));

describe('DriftWatch', () => {
  it('tells a change once, what follows it as information, and the next change anew', () => {
    const observations = new Observations();
    const config = loadConfig(MonitorConfig, {});
    const watch = new DriftWatch(observations, new StateKeeper(observations, new MemoryStateStore(), config), config);
    let now = 1_764_000_000_000;
    let sequence = 0;
    /** 100 images a minute. */
    const pass = (minutes: number, changes: Partial<Traffic> = {}) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        const events = source.events(100, changes, now);
        sequence += 1;
        now += MINUTE;
        observations.addBatch({ source: 'was-1', sequence, dropped: 0, events }, now);
        watch.lookAtAll(now);
      }
    };
    const told = () => lines.splice(0).filter((line) => line.includes('drift'));
    observations.adoptPackage(MODEL, baselineOf(source.events(1000)), now);

    pass(10);
    expect(told()).toEqual([]);
    pass(20, { brightness: -1.5 });
    expect(told()).toEqual([
      'warn drift: brightness of flowers 1.0.0 in 5m',
      'log drift goes on: brightness of flowers 1.0.0 in 1h, 24h, 7d',
    ]);
    pass(30);
    expect(told()).toContain('log no more drift: brightness of flowers 1.0.0 in 5m');
    pass(10, { brightness: -1.5 });
    expect(told()[0]).toBe('warn drift: brightness of flowers 1.0.0 in 5m');
  });
});

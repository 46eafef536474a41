import { ClassificationEvent, EventBatch } from '@app/contracts/monitoring';
import { randomUUID } from 'node:crypto';
import { heldBytes } from '../../test/support/collect-garbage';
import { baselineOf, MODEL, TrafficSource } from '../../test/support/synthetic-traffic';
import { combineWindow } from '../query/combined-window';
import { summarise } from '../query/summarise';
import { readState, writeState } from '../state/state-text';
import { MAX_LABELS } from './label-counts';
import { MAX_MODELS, Observations } from './observations';

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;
const source = new TrafficSource(3);

let sequence = 0;
function batch(events: readonly ClassificationEvent[], changes: Partial<EventBatch> = {}): EventBatch {
  sequence += 1;
  return { source: 'was-1', sequence, dropped: 0, events, ...changes };
}

function changed(event: ClassificationEvent, changes: Partial<ClassificationEvent>): ClassificationEvent {
  return Object.assign({}, event, changes);
}

function counted(observations: Observations, now = NOW): Record<string, number> {
  const windows = ['5m', '1h', '24h', '7d'] as const;
  return Object.fromEntries(
    windows.map((window) => [window, summarise([observations], { window, model: MODEL }, now).events]),
  );
}

describe('Observations', () => {
  it('count an event in every window that reaches back to it', () => {
    const observations = new Observations();
    const ages = [0, 60_000, 10 * 60_000, 2 * HOUR, 30 * HOUR, 6 * 24 * HOUR];

    observations.addBatch(batch(ages.flatMap((age) => source.events(1, {}, NOW - age))), NOW);

    expect(counted(observations)).toEqual({ '5m': 2, '1h': 3, '24h': 4, '7d': 6 });
    expect(counted(observations, NOW + HOUR)).toEqual({ '5m': 0, '1h': 0, '24h': 4, '7d': 6 });
  });

  it('do not let a late event take the place of newer ones', () => {
    const observations = new Observations();

    observations.addBatch(batch(source.events(5, {}, NOW)), NOW);
    observations.addBatch(batch(source.events(1, {}, NOW - 300_000)), NOW); // the same place of the ring of 5 minutes

    expect(counted(observations)).toEqual({ '5m': 5, '1h': 6, '24h': 6, '7d': 6 });
  });

  it('take an event up to a minute ahead as now, and no other of a wrong time', () => {
    const observations = new Observations();

    observations.addBatch(batch(source.events(1, {}, NOW + 59_000)), NOW);
    observations.addBatch(batch(source.events(1, {}, NOW + 61_000)), NOW);
    observations.addBatch(batch(source.events(1, {}, NOW - 8 * 24 * HOUR)), NOW);

    expect(counted(observations)).toEqual({ '5m': 1, '1h': 1, '24h': 1, '7d': 1 });
    expect(observations.misdated).toBe(2);
  });

  it('count a batch once, in whatever order batches come', () => {
    const observations = new Observations();
    const accepted = [1, 3, 2, 3, 1, 100, 2, 99].map(
      (number) => observations.addBatch(batch(source.events(1, {}, NOW), { sequence: number }), NOW).accepted,
    );

    expect(accepted).toEqual([true, true, true, false, false, true, false, true]);
    expect(counted(observations)['5m']).toBe(5);
  });

  it('add up what sources have dropped', () => {
    const observations = new Observations();
    for (const [name, dropped] of [
      ['a', 2],
      ['b', 5],
      ['a', 2],
      ['a', 10],
    ] as const) {
      observations.addBatch(batch([], { source: name, dropped }), NOW);
    }

    expect(observations.dropped).toBe(15);
  });

  it('keep the models with the latest events', () => {
    const observations = new Observations();
    for (let version = 0; version < MAX_MODELS + 2; version += 1) {
      const model = { name: 'flowers', version: `${version}.0.0` };
      const events = source.events(1, {}, NOW + version).map((event) => changed(event, { model }));
      observations.addBatch(batch(events), NOW + version);
    }

    const versions = observations.histories().map(({ model }) => model.version);
    expect(versions).toEqual(['9.0.0', '8.0.0', '7.0.0', '6.0.0', '5.0.0', '4.0.0', '3.0.0', '2.0.0']);
  });

  it('count labels beyond a limit together', () => {
    const observations = new Observations();
    for (let round = 0; round < 4; round += 1) {
      const events = source
        .events(100, {}, NOW)
        .map((event, index) => changed(event, { label: `label-${round * 100 + index}` }));
      observations.addBatch(batch(events), NOW);
    }

    const { labels, others } = summarise([observations], { window: '5m' }, NOW);
    expect(labels).toHaveLength(20);
    expect(others).toBeCloseTo(380 / 400);
    expect(combineWindow([observations], MODEL, '5m', NOW).total.labels.others).toBe(400 - MAX_LABELS);
  });

  it('make the first 1,000 images the baseline when the package has none', () => {
    const observations = new Observations();
    const rounds = [500, 500, 300].map((count) => source.events(count, {}, NOW));

    expect(observations.addBatch(batch(rounds[0] ?? []), NOW).missingBaselines).toEqual([MODEL]);
    observations.adoptPackage(MODEL, undefined, NOW);
    expect(observations.addBatch(batch(rounds[1] ?? []), NOW).missingBaselines).toEqual([]);
    observations.addBatch(batch(rounds[2] ?? []), NOW);

    const { reference, total } = combineWindow([observations], MODEL, '1h', NOW);
    expect(reference?.source).toMatchObject({ kind: 'first-images', baseline: { images: 1000 } });
    expect(total.drift?.images).toBe(300);
  });

  it('begin to compare anew when the baseline of the package comes late', () => {
    const observations = new Observations();
    observations.adoptPackage(MODEL, undefined, NOW);
    for (let round = 0; round < 3; round += 1) observations.addBatch(batch(source.events(500, {}, NOW)), NOW);

    observations.adoptPackage(MODEL, baselineOf(source.events(300)), NOW);
    observations.addBatch(batch(source.events(10, {}, NOW)), NOW);

    const { reference, total } = combineWindow([observations], MODEL, '1h', NOW);
    expect(reference?.source.kind).toBe('package');
    expect(total.events).toBe(1510);
    expect(total.drift?.images).toBe(10);
  });

  it('are the same after they were written and read', () => {
    const observations = new Observations();
    observations.adoptPackage(MODEL, baselineOf(source.events(300)), NOW);
    for (let hour = 0; hour < 48; hour += 1) {
      observations.addBatch(batch(source.events(50, {}, NOW - hour * HOUR, 1000)), NOW);
    }
    observations.addFeedback({ id: randomUUID(), at: NOW, model: MODEL, right: true }, NOW);

    const restored = readState(writeState(observations, 'one'));

    for (const window of ['5m', '1h', '24h', '7d'] as const) {
      expect(summarise([restored], { window }, NOW)).toEqual(summarise([observations], { window }, NOW));
    }
    expect(writeState(restored, 'one')).toBe(writeState(observations, 'one'));
  });

  it('of two monitors add up to those of one', () => {
    const [one, two, both] = [new Observations(), new Observations(), new Observations()];
    const baseline = baselineOf(source.events(300));
    [one, two, both].forEach((each, index) => each.adoptPackage(MODEL, baseline, NOW + index)); // each got it at its time
    const [left, right] = [source.events(400, {}, NOW - HOUR, 9000), source.events(300, {}, NOW - HOUR, 11_000)];

    one.addBatch(batch(left), NOW);
    two.addBatch(batch(right), NOW);
    both.addBatch(batch([...left, ...right]), NOW);

    for (const window of ['1h', '24h'] as const) {
      const together = combineWindow([one, two], MODEL, window, NOW).total.store();
      const alone = combineWindow([both], MODEL, window, NOW).total.store();
      expect({ ...together, drift: together.drift?.histograms }).toEqual({ ...alone, drift: alone.drift?.histograms });
      together.drift?.sketchSum.forEach((sum, at) => expect(sum).toBeCloseTo(alone.drift?.sketchSum[at] ?? NaN, 6));
    }
  });

  it('do not add what was counted in the cells of different baselines', () => {
    const [one, two] = [new Observations(), new Observations()];
    one.adoptPackage(MODEL, baselineOf(source.events(300)), NOW);
    two.adoptPackage(MODEL, baselineOf(source.events(300)), NOW + 1);
    one.addBatch(batch(source.events(10, {}, NOW)), NOW);
    two.addBatch(batch(source.events(20, {}, NOW)), NOW);

    const { total } = combineWindow([one, two], MODEL, '1h', NOW);

    expect(total.events).toBe(30);
    expect(total.drift?.images).toBe(10);
    two.followBaselines(one);
    two.addBatch(batch(source.events(5, {}, NOW)), NOW);
    expect(combineWindow([one, two], MODEL, '1h', NOW).total.drift?.images).toBe(15);
  });

  it('take no more memory however many events come, once their windows are full', () => {
    const observations = new Observations();
    const pool = source.events(500);
    observations.adoptPackage(MODEL, baselineOf(pool), NOW);
    const [weekFull, all, everyMs] = [125_000, 250_000, 5000]; // the windows are full after 7 days, 121,000 events; a million: bench
    const before = heldBytes();
    let full = 0;

    for (let count = 0; count < all; count += pool.length) {
      const events = pool.map((event, index) => changed(event, { at: NOW + (count + index) * everyMs }));
      observations.addBatch(batch(events), NOW + (count + pool.length) * everyMs);
      if (count === weekFull) full = heldBytes();
    }

    const growth = heldBytes() - full;
    expect(growth).toBeLessThan(500_000);
    expect(full - before).toBeLessThan(4_000_000); // of one model
    expect(summarise([observations], { window: '7d' }, NOW + all * everyMs).events).toBeGreaterThan(118_000);
  });
});

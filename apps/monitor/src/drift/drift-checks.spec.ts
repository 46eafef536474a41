// Whether the checks keep what they promise, on synthetic traffic: silence when nothing changes, and a signal soon after something has.
import { ClassificationEvent, DriftCheck } from '@app/contracts/monitoring';
import { baselineOf, Traffic, TrafficSource } from '../../test/support/synthetic-traffic';
import { DriftSums } from '../observation/drift-sums';
import { checkDrift, falseAlarmRate } from './drift-checks';
import { Reference } from './reference';

const RATE = falseAlarmRate(60);
const source = new TrafficSource(7);
/** All images there are; baselines and windows are drawn from them. */
const population = source.events(6000);

function referenceOf(images: readonly ClassificationEvent[]): Reference {
  return new Reference({ kind: 'package', since: 0, baseline: baselineOf(images) });
}

function look(reference: Reference, sums: DriftSums, images: readonly ClassificationEvent[]): DriftCheck[] {
  for (const image of images) sums.add(reference.place(image));
  return checkDrift(reference, sums, RATE);
}

const signals = (checks: readonly DriftCheck[]) =>
  checks.filter(({ state }) => state === 'drift').map(({ name }) => name);

describe('falseAlarmRate', () => {
  it('adds up to one false alarm a month over all looks, windows and checks', () => {
    expect(falseAlarmRate(60) * (30 * 24 * 60) * 4 * 8).toBeCloseTo(1);
    expect(falseAlarmRate(1) * 60).toBeCloseTo(falseAlarmRate(60));
  });
});

describe('checkDrift without a change', () => {
  it('stays silent in 200 series of ten looks, each with a small baseline of its own', () => {
    const alarms = Array.from({ length: 200 }, () => {
      const reference = referenceOf(source.draw(150, population));
      const sums = new DriftSums(reference.id);
      const looks = Array.from({ length: 10 }, () => look(reference, sums, source.draw(50, population)));
      return looks.flat().filter(({ state }) => state === 'drift' || state === 'watch');
    });

    expect(alarms.flat()).toEqual([]);
  });

  it('has p-values as rare as they say, however small the baseline is', () => {
    const RUNS = 300;
    const rare = new Map<string, number>();
    for (let run = 0; run < RUNS; run += 1) {
      const reference = referenceOf(source.draw(100, population));
      for (const { name, pValue } of look(reference, new DriftSums(reference.id), source.draw(200, population))) {
        rare.set(name, (rare.get(name) ?? 0) + (pValue < 0.02 ? 1 : 0));
      }
    }

    // 6 are expected; more than 18 come with a rate of 2 % in one of 50,000 cases.
    expect([...rare].filter(([, count]) => count > 18)).toEqual([]);
    expect(rare.get('features')).toBeGreaterThan(0);
  });

  it('stays silent about labels of which the first images have seen many once and many not at all', () => {
    // The shares of 200 labels fall like 1 / rank (Zipf): of 1,000 images some 30 labels have one and some 20 none.
    const ranks = Array.from({ length: 200 }, (_, index) => 1 + index);
    const total = ranks.reduce((sum, rank) => sum + 1 / rank, 0);
    const labelShares = Object.fromEntries(ranks.map((rank) => [`label-${rank}`, 1 / rank / total]));
    const images = source.events(8000, { labelShares });

    const alarms = Array.from({ length: 20 }, () => {
      const reference = referenceOf(source.draw(1000, images));
      return look(reference, new DriftSums(reference.id), source.draw(1200, images));
    });

    expect(alarms.flat().filter(({ state }) => state === 'drift' || state === 'watch')).toEqual([]);
  });

  it('waits for enough images', () => {
    const reference = referenceOf(source.draw(300, population));

    const checks = look(reference, new DriftSums(reference.id), source.draw(99, population));

    expect(checks).toHaveLength(8);
    expect(checks.every(({ state }) => state === 'waiting')).toBe(true);
  });
});

describe('checkDrift after a change', () => {
  const uneven = { daisy: 0.1, rose: 0.1, tulip: 0.2, lily: 0.2, iris: 0.4 };

  it.each<[string, Partial<Traffic>, DriftCheck['name'], number]>([
    ['photos one standard deviation darker', { brightness: -1 }, 'brightness', 200],
    ['blurred photos', { sharpness: -2 }, 'sharpness', 100],
    ['photos unlike the training data', { outOfSet: 1.5 }, 'out-of-set', 100],
    ['another mix of labels', { labelShares: uneven }, 'labels', 200],
    ['a label that was never seen', { labelShares: { daisy: 0.5, cactus: 0.5 } }, 'labels', 100],
    ['other features', { sketch: 1.5 }, 'features', 300],
    ['thumbnails', { sizes: [[64, 64]] }, 'size', 100],
  ])('signals %s within so many images', (_, change, name, images) => {
    const found = Array.from({ length: 10 }, () => {
      const reference = referenceOf(source.draw(300, population));
      return signals(look(reference, new DriftSums(reference.id), source.events(images, change)));
    });

    expect(found.filter((names) => names.includes(name))).toHaveLength(10);
  });

  it('tells a change that is certain but small from drift', () => {
    const reference = referenceOf(population.slice(0, 1000));

    const checks = look(reference, new DriftSums(reference.id), source.events(6000, { brightness: 0.3 }));

    expect(checks.find(({ name }) => name === 'brightness')).toMatchObject({ state: 'watch', direction: 'more' });
  });

  it('signals half a minute of darkness among an hour of light only when it has become enough', () => {
    const reference = referenceOf(source.draw(300, population));
    const sums = new DriftSums(reference.id);

    expect(signals(look(reference, sums, source.draw(3000, population)))).toEqual([]);
    expect(signals(look(reference, sums, source.events(100, { brightness: -2 })))).toEqual([]);
    expect(signals(look(reference, sums, source.events(3000, { brightness: -2 })))).toEqual(['brightness']);
  });
});

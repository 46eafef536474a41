import { Aggregate, StoredAggregate } from './aggregate';

/**
 * Aggregates of equal stretches of time, as many as cover a window and no more: a new one takes the place of the oldest. The
 * window slides by one stretch, and its last one is the one that runs.
 */
export class TimeRing {
  private readonly slots: (Slot | undefined)[];

  constructor(
    private readonly bucketMs: number,
    private readonly count: number,
  ) {
    this.slots = new Array<Slot | undefined>(count).fill(undefined);
  }

  /** The aggregate that this time belongs to; none when the ring has gone past it. */
  at(time: number): Aggregate | undefined {
    const number = Math.floor(time / this.bucketMs);
    const place = number % this.count;
    const slot = this.slots[place];
    if (slot?.number === number) return slot.aggregate;
    if (slot !== undefined && slot.number > number) return undefined;
    const aggregate = new Aggregate();
    this.slots[place] = { number, aggregate };
    return aggregate;
  }

  /** What lies in the window that ends now, oldest first; stretches without events are left out. */
  buckets(now: number): { readonly start: number; readonly aggregate: Aggregate }[] {
    const last = Math.floor(now / this.bucketMs);
    return this.filled()
      .filter(({ number }) => number > last - this.count && number <= last)
      .map(({ number, aggregate }) => ({ start: number * this.bucketMs, aggregate }));
  }

  merge(other: TimeRing): void {
    for (const { number, aggregate } of other.filled()) this.at(number * this.bucketMs)?.merge(aggregate);
  }

  /** Forgets what was counted in the cells of a reference. */
  forgetDrift(): void {
    for (const { aggregate } of this.filled()) aggregate.drift = undefined;
  }

  store(): StoredTimeRing {
    return this.filled().map(({ number, aggregate }) => [number, aggregate.store()]);
  }

  restore(stored: StoredTimeRing): void {
    for (const [number, aggregate] of stored) this.at(number * this.bucketMs)?.merge(Aggregate.restore(aggregate));
  }

  private filled(): Slot[] {
    return this.slots.filter((slot) => slot !== undefined).sort((a, b) => a.number - b.number);
  }
}

interface Slot {
  /** Stretches since 1970. */
  readonly number: number;
  readonly aggregate: Aggregate;
}

export type StoredTimeRing = (readonly [number: number, StoredAggregate])[];

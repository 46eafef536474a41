// Metrics, each defined once, beside what it measures, with the only attributes that it may have: their values are few, and never
// something that a person sent. Knows no SDK; what is recorded before one is there, or without one, is gone.
import type { Counter, Histogram, Meter, Observable, ObservableResult } from '@opentelemetry/api';

export interface MetricDefinition<A extends string = string> {
  readonly name: string;
  /** As UCUM writes it: `s`, `By`, `1`, `{request}`. */
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly A[];
}

export type MetricKind = 'counter' | 'histogram' | 'gauge' | 'up-down counter';

type Values<A extends string> = Readonly<Partial<Record<A, string | number | boolean | undefined>>>;

export interface Sample<A extends string> {
  readonly value: number;
  readonly attributes?: Values<A>;
}

/** Of requests, in seconds: the ones that OpenTelemetry's conventions for HTTP advise. */
export const REQUEST_SECONDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Of parts of a request, in seconds: an image is decoded in a millisecond or in half a second. */
export const STATION_SECONDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

const defined: Metric[] = [];
let current: Meter | undefined;

/** All metrics of the modules that are loaded, in the order of their definition. */
export function definedMetrics(): readonly Metric[] {
  return defined;
}

/** For `startTelemetry`: from now on metrics are recorded, or, without a meter, not any more. */
export function recordMetrics(meter: Meter | undefined): void {
  current = meter;
  for (const metric of defined) metric.bind(meter);
}

abstract class Metric<A extends string = string> {
  constructor(
    readonly kind: MetricKind,
    readonly definition: MetricDefinition<A>,
  ) {
    defined.push(this); // one list for all, which only reads what they have in common
  }

  abstract bind(meter: Meter | undefined): void;
}

export class CounterMetric<A extends string> extends Metric<A> {
  private counter: Counter | undefined;

  constructor(definition: MetricDefinition<A>) {
    super('counter', definition);
    this.bind(current);
  }

  bind(meter: Meter | undefined): void {
    this.counter = meter?.createCounter(this.definition.name, this.definition);
  }

  add(value: number, attributes: Values<A>): void {
    this.counter?.add(value, attributes);
  }
}

export class HistogramMetric<A extends string> extends Metric<A> {
  private histogram: Histogram | undefined;

  constructor(
    definition: MetricDefinition<A>,
    private readonly boundaries: readonly number[],
  ) {
    super('histogram', definition);
    this.bind(current);
  }

  bind(meter: Meter | undefined): void {
    const advice = { explicitBucketBoundaries: [...this.boundaries] };
    this.histogram = meter?.createHistogram(this.definition.name, { ...this.definition, advice });
  }

  record(value: number, attributes: Values<A>): void {
    this.histogram?.record(value, attributes);
  }
}

/** A metric that is looked at when it is exported, and not before. */
export class ObservedMetric<A extends string> extends Metric<A> {
  private observable: Observable | undefined;

  constructor(kind: Exclude<MetricKind, 'histogram'>, definition: MetricDefinition<A>) {
    super(kind, definition);
    this.bind(current);
  }

  bind(meter: Meter | undefined): void {
    const { name } = this.definition;
    if (this.kind === 'counter') this.observable = meter?.createObservableCounter(name, this.definition);
    else if (this.kind === 'gauge') this.observable = meter?.createObservableGauge(name, this.definition);
    else this.observable = meter?.createObservableUpDownCounter(name, this.definition);
  }

  /** Tells what to look at. Keeps nothing of it where nothing is exported. */
  observe(look: () => readonly Sample<A>[]): void {
    this.observable?.addCallback((result: ObservableResult) => {
      for (const { value, attributes } of look()) result.observe(value, attributes);
    });
  }
}

// One model in one window, out of all that is known of it: by this monitor and by others that share its state.
import { MonitorWindow, ObservedModel } from '@app/contracts/monitoring';
import { preferred } from '../drift/baseline-source';
import { Reference } from '../drift/reference';
import { Aggregate } from '../observation/aggregate';
import { DriftSums } from '../observation/drift-sums';
import { Observations } from '../observation/observations';

export interface CombinedWindow {
  readonly total: Aggregate;
  /** Stretches with events, oldest first. */
  readonly buckets: readonly { readonly start: number; readonly aggregate: Aggregate }[];
  /** Time of the model's first event; Infinity without any. */
  readonly firstAt: number;
  readonly reference: Reference | undefined;
}

export function combineWindow(
  parts: readonly Observations[],
  model: ObservedModel,
  window: MonitorWindow,
  now: number,
): CombinedWindow {
  const histories = parts.map((part) => part.history(model)).filter((history) => history !== undefined);
  const references = histories.map(({ reference }) => reference).filter((reference) => reference !== undefined);
  const reference = references.reduce<Reference | undefined>(
    (best, each) => (preferred(best?.source, each.source) === best?.source ? best : each),
    undefined,
  );
  const total = new Aggregate();
  if (reference !== undefined) total.drift = new DriftSums(reference.id); // sums in other cells are left out
  const byStart = new Map<number, Aggregate>();
  for (const { start, aggregate } of histories.flatMap((history) => history.buckets(window, now))) {
    total.merge(aggregate);
    const known = byStart.get(start);
    byStart.set(start, known === undefined ? aggregate : sum(known, aggregate));
  }
  return {
    total,
    buckets: [...byStart].sort(([a], [b]) => a - b).map(([start, aggregate]) => ({ start, aggregate })),
    firstAt: Math.min(Infinity, ...histories.map(({ firstAt }) => firstAt)),
    reference,
  };
}

/** Models with events in the window, the one with the latest event first. */
export function modelsIn(parts: readonly Observations[], from: number): ObservedModel[] {
  return latestFirst(parts.flatMap((part) => part.histories()).filter(({ lastAt }) => lastAt >= from));
}

/** The model of the latest event; nothing when there was none. */
export function latestModel(parts: readonly Observations[]): ObservedModel | undefined {
  return latestFirst(parts.flatMap((part) => part.histories()))[0];
}

function latestFirst(
  histories: readonly { readonly model: ObservedModel; readonly lastAt: number }[],
): ObservedModel[] {
  const sorted = [...histories].sort((a, b) => b.lastAt - a.lastAt).map(({ model }) => model);
  return sorted.filter(
    ({ name, version }, index) => sorted.findIndex((each) => each.name === name && each.version === version) === index,
  );
}

function sum(a: Aggregate, b: Aggregate): Aggregate {
  const both = new Aggregate();
  both.merge(a);
  both.merge(b);
  return both;
}

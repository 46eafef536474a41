import { ClassificationEvent, DriftState, MonitorWindow, ObservedModel } from '@app/contracts/monitoring';
import { Decision } from '@app/contracts/classification';
import { BaselineSource, ComparedBaseline, preferred } from '../drift/baseline-source';
import { FirstImages, StoredFirstImages } from '../drift/first-images';
import { Reference } from '../drift/reference';
import { Aggregate } from './aggregate';
import { StoredTimeRing, TimeRing } from './time-ring';
import { WINDOWS } from './windows';

/** All that is known of one version of a model. */
export class ModelHistory {
  /** Time of the first and of the latest event. */
  firstAt = Infinity;
  lastAt = 0;
  /** Since the first event, for counters that only rise. */
  readonly totals = { label: 0, uncertain: 0, unknown: 0, feedback: 0, feedbackRight: 0 };
  /** Whether somebody has told what the model package brings, be it nothing. */
  isPackageKnown = false;
  /** How each check of each window stood at the latest look, and since when. */
  readonly driftStates = new Map<string, { readonly state: DriftState; readonly since: number }>();
  reference: Reference | undefined;
  private firstImages = new FirstImages();
  private readonly rings = WINDOWS.map(({ name, bucketMs, buckets }) => ({
    name,
    ring: new TimeRing(bucketMs, buckets),
  }));

  constructor(readonly model: ObservedModel) {}

  /** `at`: when it counts. */
  observe(event: ClassificationEvent, at: number): void {
    const placement = this.reference?.place(event);
    for (const { ring } of this.rings) ring.at(at)?.add(event, placement);
    this.firstAt = Math.min(this.firstAt, at);
    this.lastAt = Math.max(this.lastAt, at);
    this.totals[event.decision] += 1;
    if (this.reference === undefined) this.collect(event, at);
  }

  addFeedback(at: number, right: boolean): void {
    for (const { ring } of this.rings) ring.at(at)?.addFeedback(right);
    this.totals.feedback += 1;
    if (right) this.totals.feedbackRight += 1;
  }

  /** Takes the baseline of the model package, or notes that there is none. */
  adoptPackage(baseline: ComparedBaseline | undefined, now: number): void {
    if (this.isPackageKnown && this.reference?.source.kind === 'package') return;
    this.isPackageKnown = true;
    if (baseline !== undefined) this.compareWith(new Reference({ kind: 'package', since: now, baseline }));
  }

  /** Compares with this from now on, unless what it compares with already is preferred. */
  compareWith(reference: Reference): void {
    const present = this.reference;
    if (present?.id === reference.id || preferred(present?.source, reference.source) === present?.source) return;
    this.reference = reference;
    this.firstImages = new FirstImages();
    for (const { ring } of this.rings) ring.forgetDrift();
  }

  buckets(window: MonitorWindow, now: number): { readonly start: number; readonly aggregate: Aggregate }[] {
    return this.rings.find(({ name }) => name === window)?.ring.buckets(now) ?? [];
  }

  /** Adds what another history of the same model has counted; the other one is used up. */
  absorb(other: ModelHistory): void {
    this.firstAt = Math.min(this.firstAt, other.firstAt);
    this.lastAt = Math.max(this.lastAt, other.lastAt);
    for (const name of Object.keys(this.totals) as (keyof ModelHistory['totals'])[])
      this.totals[name] += other.totals[name];
    this.isPackageKnown ||= other.isPackageKnown;
    for (const [check, state] of other.driftStates) this.driftStates.set(check, state);
    if (other.reference !== undefined) this.compareWith(other.reference);
    if (this.reference === undefined && this.firstImages.store().length === 0) this.firstImages = other.firstImages;
    this.rings.forEach(({ ring, name }) => {
      const others = other.rings.find((each) => each.name === name);
      if (others === undefined) return;
      if (other.reference?.id !== this.reference?.id) others.ring.forgetDrift();
      ring.merge(others.ring);
    });
  }

  store(): StoredModelHistory {
    const { model, firstAt, lastAt, totals, isPackageKnown, driftStates, reference, firstImages, rings } = this;
    return {
      model,
      firstAt,
      lastAt,
      totals,
      isPackageKnown,
      driftStates: [...driftStates],
      ...(reference === undefined ? { firstImages: firstImages.store() } : { source: reference.source }),
      rings: rings.map(({ ring }) => ring.store()),
    };
  }

  static restore(stored: StoredModelHistory): ModelHistory {
    const restored = new ModelHistory(stored.model);
    restored.firstAt = stored.firstAt ?? Infinity;
    restored.lastAt = stored.lastAt;
    Object.assign(restored.totals, stored.totals);
    restored.isPackageKnown = stored.isPackageKnown;
    for (const [check, state] of stored.driftStates) restored.driftStates.set(check, state);
    if (stored.source !== undefined) restored.reference = new Reference(stored.source);
    if (stored.firstImages !== undefined) restored.firstImages = FirstImages.restore(stored.firstImages);
    restored.rings.forEach(({ ring }, index) => ring.restore(stored.rings[index] ?? []));
    return restored;
  }

  /** Until it is known whether the package brings a baseline, the first images are collected, in case it does not. */
  private collect(event: ClassificationEvent, at: number): void {
    this.firstImages.add(event);
    if (!this.firstImages.isComplete || !this.isPackageKnown) return;
    const baseline = this.firstImages.toBaseline();
    this.compareWith(new Reference({ kind: 'first-images', since: at, baseline }));
  }
}

export interface StoredModelHistory {
  readonly model: ObservedModel;
  /** JSON has no Infinity: null without events. */
  readonly firstAt: number | null;
  readonly lastAt: number;
  readonly totals: Readonly<Record<Decision | 'feedback' | 'feedbackRight', number>>;
  readonly isPackageKnown: boolean;
  readonly driftStates: readonly (readonly [check: string, { readonly state: DriftState; readonly since: number }])[];
  readonly source?: BaselineSource;
  readonly firstImages?: StoredFirstImages;
  readonly rings: readonly StoredTimeRing[];
}

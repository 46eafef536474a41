import { Decision } from '@app/contracts/classification';
import { ClassificationEvent } from '@app/contracts/monitoring';
import { Placement } from '../drift/reference';
import { SCORE_TENTHS, tenthOf } from '../drift/score-tenths';
import { DriftSums, StoredDriftSums } from './drift-sums';
import { LabelCounts, StoredLabelCounts } from './label-counts';
import { LatencySketch } from './latency-sketch';

/**
 * All that is kept of the classifications of a stretch of time. Two can be added whatever they cover, in any order: that is how
 * windows are made of buckets, and one answer of several monitors. Its size does not depend on how much it has counted.
 */
export class Aggregate {
  readonly decisions: Record<Decision, number> = { label: 0, uncertain: 0, unknown: 0 };
  readonly scores = new Array<number>(SCORE_TENTHS).fill(0);
  readonly feedback = { count: 0, right: 0 };
  labels = new LabelCounts();
  latency = new LatencySketch();
  /** Since the model has a reference. */
  drift: DriftSums | undefined;

  get events(): number {
    return this.decisions.label + this.decisions.uncertain + this.decisions.unknown;
  }

  add(event: ClassificationEvent, placement: Placement | undefined): void {
    this.decisions[event.decision] += 1;
    const tenth = tenthOf(event.score);
    this.scores[tenth] = (this.scores[tenth] ?? 0) + 1;
    if (event.label !== undefined) this.labels.add(event.label);
    this.latency.add(event.latencyMs);
    if (placement === undefined) return;
    this.drift ??= new DriftSums(placement.reference);
    this.drift.add(placement);
  }

  addFeedback(right: boolean): void {
    this.feedback.count += 1;
    if (right) this.feedback.right += 1;
  }

  merge(other: Aggregate): void {
    this.decisions.label += other.decisions.label;
    this.decisions.uncertain += other.decisions.uncertain;
    this.decisions.unknown += other.decisions.unknown;
    other.scores.forEach((count, tenth) => (this.scores[tenth] = (this.scores[tenth] ?? 0) + count));
    this.feedback.count += other.feedback.count;
    this.feedback.right += other.feedback.right;
    this.labels.merge(other.labels);
    this.latency.merge(other.latency);
    if (other.drift === undefined) return;
    this.drift ??= new DriftSums(other.drift.reference);
    this.drift.merge(other.drift);
  }

  store(): StoredAggregate {
    const { label, uncertain, unknown } = this.decisions;
    const { count, right } = this.feedback;
    return {
      decisions: [label, uncertain, unknown],
      scores: this.scores,
      feedback: [count, right],
      labels: this.labels.store(),
      latency: this.latency.store(),
      ...(this.drift === undefined ? {} : { drift: this.drift.store() }),
    };
  }

  static restore(stored: StoredAggregate): Aggregate {
    const restored = new Aggregate();
    const [label, uncertain, unknown] = stored.decisions;
    Object.assign(restored.decisions, { label, uncertain, unknown });
    stored.scores.forEach((count, tenth) => (restored.scores[tenth] = count));
    [restored.feedback.count, restored.feedback.right] = stored.feedback;
    restored.labels = LabelCounts.restore(stored.labels);
    restored.latency = LatencySketch.restore(stored.latency);
    if (stored.drift !== undefined) restored.drift = DriftSums.restore(stored.drift);
    return restored;
  }
}

export interface StoredAggregate {
  readonly decisions: readonly [number, number, number];
  readonly scores: readonly number[];
  readonly feedback: readonly [number, number];
  readonly labels: StoredLabelCounts;
  readonly latency: readonly number[];
  readonly drift?: StoredDriftSums;
}

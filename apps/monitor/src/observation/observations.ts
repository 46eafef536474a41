import {
  BatchReceipt,
  ClassificationEvent,
  EventBatch,
  FeedbackEvent,
  ObservedModel,
  RecentEvent,
} from '@app/contracts/monitoring';
import { ComparedBaseline } from '../drift/baseline-source';
import { BatchSources, StoredBatchSources } from './batch-sources';
import { ModelHistory, StoredModelHistory } from './model-history';

/** Versions of models that are kept; the one whose latest event is the oldest gives way. */
export const MAX_MODELS = 8;
export const MAX_RECENT = 100;
/** Classifications whose feedback is remembered, so that a second one is not counted. */
const MAX_FEEDBACK_IDS = 2000;
/** Clocks differ. What is further ahead than this has a wrong one. */
const MAX_AHEAD_MS = 60_000;
/** The longest window. */
const MAX_AGE_MS = 604_800_000;

/**
 * All that one monitor has seen, in bounded memory: of what is told it keeps sums, and beside them the latest few events.
 *
 * Time: an event counts at the time at which it was answered, however late it comes, in every window that reaches so far back. One up to a
 * minute ahead counts as now. One further ahead, or older than the longest window, is not counted, and that is counted.
 */
export class Observations {
  private readonly models = new Map<string, ModelHistory>();
  private sources = new BatchSources();
  private feedbackIds = new Set<string>();
  private recent: RecentEvent[] = [];
  /** Events that were not counted because of their time. */
  misdated = 0;
  /** Batches that could not be taken. */
  refusedBatches = 0;
  /** Rises with every change. */
  revision = 0;

  get dropped(): number {
    return this.sources.dropped;
  }

  addBatch(batch: EventBatch, now: number): BatchReceipt {
    const accepted = this.sources.admit(batch);
    const models = new Map<string, ModelHistory>();
    if (accepted) {
      this.revision += 1;
      for (const event of batch.events) {
        const history = this.observe(event, now);
        if (history !== undefined) models.set(keyOf(event.model), history);
      }
    }
    const missing = [...models.values()].filter(({ isPackageKnown }) => !isPackageKnown);
    return { accepted, missingBaselines: missing.map(({ model }) => model) };
  }

  noteRefusedBatch(): void {
    this.refusedBatches += 1;
    this.revision += 1;
  }

  /** False for the second feedback to a classification, and for one that is misdated. */
  addFeedback({ id, at, model, right }: FeedbackEvent, now: number): boolean {
    const time = this.timeOf(at, now);
    if (time === undefined || this.feedbackIds.has(id)) return false;
    this.feedbackIds.add(id);
    const [oldest] = this.feedbackIds;
    if (this.feedbackIds.size > MAX_FEEDBACK_IDS && oldest !== undefined) this.feedbackIds.delete(oldest);
    this.historyOf(model, time).addFeedback(time, right);
    this.revision += 1;
    return true;
  }

  adoptPackage(model: ObservedModel, baseline: ComparedBaseline | undefined, now: number): void {
    this.historyOf(model, now).adoptPackage(baseline, now);
    this.revision += 1;
  }

  /** Those of which there is something, the one with the latest event first. */
  histories(): ModelHistory[] {
    return [...this.models.values()].sort((a, b) => b.lastAt - a.lastAt);
  }

  history({ name, version }: ObservedModel): ModelHistory | undefined {
    return this.models.get(keyOf({ name, version }));
  }

  /** The latest first. */
  recentEvents(): readonly RecentEvent[] {
    return this.recent.toReversed();
  }

  /** Compares with what another monitor compares with, where that is preferred: only then can what both count be added. */
  followBaselines(other: Observations): void {
    for (const history of this.models.values()) {
      const reference = other.history(history.model)?.reference;
      if (reference !== undefined) history.compareWith(reference);
    }
  }

  /** Adds what was kept before this process, or by another monitor. */
  absorb(other: Observations): void {
    for (const history of other.models.values()) this.historyOf(history.model, history.lastAt).absorb(history);
    this.sources.absorb(other.sources);
    for (const id of other.feedbackIds) this.feedbackIds.add(id);
    this.recent = [...other.recent, ...this.recent].sort((a, b) => a.at - b.at).slice(-MAX_RECENT);
    this.misdated += other.misdated;
    this.refusedBatches += other.refusedBatches;
    this.revision += 1;
  }

  store(): StoredObservations {
    return {
      models: [...this.models.values()].map((history) => history.store()),
      sources: this.sources.store(),
      feedbackIds: [...this.feedbackIds],
      recent: this.recent,
      misdated: this.misdated,
      refusedBatches: this.refusedBatches,
    };
  }

  static restore(stored: StoredObservations): Observations {
    const restored = new Observations();
    for (const model of stored.models) {
      const history = ModelHistory.restore(model);
      restored.models.set(keyOf(history.model), history);
    }
    restored.sources = BatchSources.restore(stored.sources);
    restored.feedbackIds = new Set(stored.feedbackIds);
    restored.recent = [...stored.recent];
    restored.misdated = stored.misdated;
    restored.refusedBatches = stored.refusedBatches;
    return restored;
  }

  private observe(event: ClassificationEvent, now: number): ModelHistory | undefined {
    const at = this.timeOf(event.at, now);
    if (at === undefined) {
      this.misdated += 1;
      return undefined;
    }
    const history = this.historyOf(event.model, at);
    history.observe(event, at);
    const { id, model, decision, label, score, latencyMs } = event;
    this.recent.push({ id, at, model, decision, ...(label === undefined ? {} : { label }), score, latencyMs });
    if (this.recent.length > MAX_RECENT) this.recent.shift();
    return history;
  }

  private timeOf(at: number, now: number): number | undefined {
    if (at > now + MAX_AHEAD_MS || at < now - MAX_AGE_MS) return undefined;
    return Math.min(at, now);
  }

  private historyOf({ name, version }: ObservedModel, at: number): ModelHistory {
    const key = keyOf({ name, version });
    const known = this.models.get(key);
    if (known !== undefined) return known;
    const history = new ModelHistory({ name, version });
    history.lastAt = at;
    this.models.set(key, history);
    const oldest = this.histories().findLast((each) => each !== history);
    if (this.models.size > MAX_MODELS && oldest !== undefined) this.models.delete(keyOf(oldest.model));
    return history;
  }
}

export function keyOf({ name, version }: ObservedModel): string {
  return JSON.stringify([name, version]);
}

export interface StoredObservations {
  readonly models: readonly StoredModelHistory[];
  readonly sources: StoredBatchSources;
  readonly feedbackIds: readonly string[];
  readonly recent: readonly RecentEvent[];
  readonly misdated: number;
  readonly refusedBatches: number;
}

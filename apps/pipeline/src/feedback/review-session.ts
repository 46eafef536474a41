/** What the review page shows and what becomes of what is sent from it. Feedback is that of the session's beginning. */
import { FeedbackReview, OTHER_LABEL } from '@app/contracts/feedback';
import { classNameFault } from './class-name';
import { FeedbackItem, hasPhoto, isOpen, ItemWithPhoto } from './feedback-item';
import { FeedbackService } from './feedback.service';
import { PHOTOS_PER_PAGE, ReviewPageFacts, ReviewProblem, Shown } from './review-page';
import { summariseFeedback, suspicionsById } from './summarise-feedback';

export interface SentDecision {
  readonly id: string;
  readonly decision: string;
  readonly label: string;
  readonly newLabel: string;
}

export class ReviewSession {
  readonly #items: Map<string, ItemWithPhoto>;
  readonly #labels: Map<string, string>;
  readonly #doubts: ReviewPageFacts['doubts'];
  readonly #disputed: ReadonlySet<string>;

  /** `names`: of labels, by their ids. */
  constructor(
    private readonly service: FeedbackService,
    items: readonly FeedbackItem[],
    names: ReadonlyMap<string, string>,
    private readonly reviewer: string,
    private readonly now: () => Date,
  ) {
    this.#items = new Map(items.filter(hasPhoto).map((item) => [item.record.id, item]));
    this.#labels = new Map(names);
    for (const { record, review } of items) {
      for (const label of [record.said, record.label, review?.label ?? null]) {
        if (label !== null && label !== OTHER_LABEL && !this.#labels.has(label)) this.#labels.set(label, label);
      }
    }
    const summary = summariseFeedback(items);
    this.#doubts = suspicionsById(summary);
    this.#disputed = new Set(summary.disagreements.flatMap(({ ids }) => ids));
  }

  get counts(): ReviewPageFacts['counts'] {
    return { open: this.#shown('open').length, decided: this.#shown('decided').length };
  }

  /** Those that nobody looked at come before those that were left for later; decided ones the newest first. */
  facts(shown: Shown, last: { readonly decided?: string; readonly problem?: ReviewProblem } = {}): ReviewPageFacts {
    const decided = this.#items.get(last.decided ?? '');
    return {
      shown,
      items: this.#onPage(shown),
      counts: this.counts,
      labels: this.#labels,
      doubts: this.#doubts,
      disputed: this.#disputed,
      ...(last.problem === undefined ? {} : { problem: last.problem }),
      ...(decided === undefined ? {} : { decided }),
    };
  }

  /** Id of the feedback that comes after one on its page, else of the one before it. */
  neighbour(shown: Shown, id: string): string | undefined {
    const ids = this.#onPage(shown).map(({ record }) => record.id);
    const at = ids.indexOf(id);
    return ids[at + 1] ?? ids[at - 1];
  }

  /** Keeps a decision; gives what is wrong with it instead, in a sentence. */
  async decide({ id, decision, label, newLabel }: SentDecision): Promise<string | undefined> {
    const item = this.#items.get(id);
    if (item === undefined) return 'There is no such feedback.';
    if (decision !== 'accepted' && decision !== 'rejected' && decision !== 'later') return 'There is no such decision.';
    const given = (newLabel.trim() || label).normalize('NFC');
    const fault = decision === 'accepted' ? classNameFault(given) : undefined;
    if (fault !== undefined)
      return given === '' ? 'Choose what the photo shows before you accept it.' : `The class "${given}" ${fault}.`;
    if ((await this.service.photoBytes(item.photo)) === undefined) {
      this.#items.delete(id);
      return 'This feedback was taken back meanwhile: there is nothing left to decide.';
    }
    const review: FeedbackReview = {
      schemaVersion: 1,
      id,
      decision,
      label: decision === 'accepted' ? given : null,
      reviewer: this.reviewer,
      at: this.now().toISOString(),
    };
    await this.service.decide(review);
    this.#items.set(id, { ...item, review });
    if (review.label !== null && !this.#labels.has(review.label)) this.#labels.set(review.label, review.label);
    return undefined;
  }

  /** Undefined when there is none, or no longer. */
  async photoOf(image: string): Promise<Uint8Array | undefined> {
    for (const { record, photo } of this.#items.values()) {
      if (record.image === image) return this.service.photoBytes(photo);
    }
    return undefined;
  }

  #onPage(shown: Shown): ItemWithPhoto[] {
    return this.#shown(shown).slice(0, PHOTOS_PER_PAGE);
  }

  #shown(shown: Shown): ItemWithPhoto[] {
    const items = [...this.#items.values()].filter((item) => isOpen(item) === (shown === 'open'));
    if (shown === 'decided') return items.reverse();
    return [
      ...items.filter(({ review }) => review === undefined),
      ...items.filter(({ review }) => review !== undefined),
    ];
  }
}

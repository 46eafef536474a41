// One feedback with all that is known of it.
import { FeedbackRecord, FeedbackReview } from '@app/contracts/feedback';

export interface FeedbackItem {
  readonly record: FeedbackRecord;
  /** URI of its photo, while that is there and may be learned from. */
  readonly photo?: string;
  /** Undefined when nobody has looked at it. */
  readonly review?: Pick<FeedbackReview, 'decision' | 'label'>;
}

/** Below the prefix of the feedback, where somebody may think that it counts. */
export interface IgnoredObject {
  readonly key: string;
  /** The end of a sentence that begins with the key. */
  readonly reason: string;
}

export interface ItemWithPhoto extends FeedbackItem {
  readonly photo: string;
  readonly record: FeedbackRecord & { readonly image: string };
}

export function hasPhoto(item: FeedbackItem): item is ItemWithPhoto {
  return item.photo !== undefined && item.record.image !== null;
}

/** What a person says the photo shows: the answer, when they say that it was right. */
export function givenLabel({ right, said, label }: FeedbackRecord): string | null {
  return right ? said : label;
}

export function isOpen({ review }: FeedbackItem): boolean {
  return review === undefined || review.decision === 'later';
}

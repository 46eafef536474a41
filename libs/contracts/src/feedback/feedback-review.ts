/** What a person who looks after the model says of one feedback; it may be said again. Later ones replace earlier ones. */
export interface FeedbackReview {
  readonly schemaVersion: 1;
  /** Of the feedback. */
  readonly id: string;
  readonly decision: 'accepted' | 'rejected' | 'later';
  /** What the photo shows: the class to learn it as. Null unless it is accepted. */
  readonly label: string | null;
  readonly reviewer: string;
  /** ISO 8601. */
  readonly at: string;
}

export const FEEDBACK_REVIEW_PREFIX = 'reviews/';

export function feedbackReviewKey(id: string): string {
  return `${FEEDBACK_REVIEW_PREFIX}${id}.json`;
}

/**
 * Photos that a person copies or moves there by hand count as accepted, `accepted/<class>/<sha256>.jpg`, or rejected,
 * `rejected/<sha256>.jpg`, as long as there is a record that names the photo; with its last record they go too.
 */
export const ACCEPTED_PHOTO_PREFIX = 'accepted/';
export const REJECTED_PHOTO_PREFIX = 'rejected/';

/** Of a photo that was put there by hand: the same as that of the photo in `images/`. */
export function handledPhotoName(imageSha256: string): string {
  return `${imageSha256}.jpg`;
}

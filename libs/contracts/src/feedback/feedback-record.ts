import { Decision } from '../classification/classification';

/** The label of things that the model has no label for. */
export const OTHER_LABEL = 'other';

/** Feedback to one answer, as it is stored. Nothing in it tells who gave it. */
export interface FeedbackRecord {
  readonly schemaVersion: 1;
  /** Of the classification. */
  readonly id: string;
  /** ISO 8601: when the answer was given, and when the feedback came. */
  readonly classifiedAt: string;
  readonly at: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly decision: Decision;
  /** What the model had said; null when it was `unknown`. */
  readonly said: string | null;
  /** Whether that was right. */
  readonly right: boolean;
  /** What the person says it is: a label of the model, or `OTHER_LABEL`; null when they did not say. */
  readonly label: string | null;
  /** Whether the photo may be kept and learned from. */
  readonly consent: boolean;
  /** SHA-256 of the image as it was sent, hexadecimal, when a photo of it is kept at `feedbackPhotoKey`; else null. */
  readonly image: string | null;
}

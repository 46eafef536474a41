/** Reads what was kept of feedback, and keeps what a person decides on it. Knows objects, neither pages nor datasets. */
import { feedbackPhotoKey, FeedbackRecord, FeedbackReview, feedbackReviewKey } from '@app/contracts/feedback';
import { forEachAtOnce } from '../storage/for-each-at-once';
import { ObjectStore } from '../storage/object-store.port';
import { FeedbackItem, IgnoredObject } from './feedback-item';
import { findHandled, orphansAmong } from './handled-photos';

const READ_AT_ONCE = 16;
const RECORD_KEY = /^(\d{4}-\d\d-\d\d)\/([0-9a-f-]+)\.json$/;
const SHA256 = /^[0-9a-f]{64}$/;

export interface FoundFeedback {
  /** In the order in which they came. */
  readonly items: readonly FeedbackItem[];
  /** Objects below the prefix that somebody may think count, and why they do not. */
  readonly ignored: readonly IgnoredObject[];
}

export class FeedbackService {
  /** `prefix` is the one below which was keeps feedback; it ends with a slash. */
  constructor(
    private readonly objects: ObjectStore,
    readonly prefix: string,
  ) {}

  /** Feedback to answers of a day (`2026-11-20`, UTC) and later ones; all without a day. */
  async find(since = ''): Promise<FoundFeedback> {
    const keys = (await this.objects.list(this.prefix)).map((uri) => uri.slice(this.prefix.length));
    const there = new Set(keys);
    const byHand = findHandled(keys);
    const items: FeedbackItem[] = [];
    const ignored: IgnoredObject[] = [...byHand.ignored];
    const named = new Set<string>();
    await forEachAtOnce(keys, READ_AT_ONCE, async (key) => {
      const [, day = '', id = ''] = RECORD_KEY.exec(key) ?? [];
      if (id === '' || day < since) return;
      const bytes = await this.objects.read(`${this.prefix}${key}`);
      if (bytes === undefined) return; // taken back a moment ago
      const record = recordOf(bytes);
      if (record?.id !== id) {
        ignored.push({ key, reason: 'is no record of feedback' });
        return;
      }
      if (record.consent) named.add(record.image ?? '');
      const handled = byHand.photos.get(record.image ?? '');
      const photo = photoKeyOf(record, there, handled?.key);
      const reviewKey = feedbackReviewKey(id);
      const review = there.has(reviewKey) ? await this.#reviewOf(id) : undefined;
      if (review === 'unreadable') ignored.push({ key: reviewKey, reason: 'is no review; decide again' });
      const decided = review === 'unreadable' ? undefined : review;
      const decision = decided === undefined || decided.decision === 'later' ? (handled?.review ?? decided) : decided;
      items.push({
        record,
        ...(photo === undefined ? {} : { photo: `${this.prefix}${photo}` }),
        ...(decision === undefined ? {} : { review: decision }),
      });
    });
    items.sort((a, b) => (`${a.record.at} ${a.record.id}` < `${b.record.at} ${b.record.id}` ? -1 : 1));
    // Those of earlier days were not read.
    if (since === '') ignored.push(...orphansAmong(byHand.photos, named));
    ignored.sort((a, b) => (a.key < b.key ? -1 : 1));
    return { items, ignored };
  }

  async decide(review: FeedbackReview): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(review, null, 2)}\n`);
    await this.objects.write(`${this.prefix}${feedbackReviewKey(review.id)}`, bytes);
  }

  /** Undefined when it was deleted meanwhile. */
  photoBytes(photo: string): Promise<Uint8Array | undefined> {
    return this.objects.read(photo);
  }

  async #reviewOf(id: string): Promise<FeedbackReview | 'unreadable' | undefined> {
    const bytes = await this.objects.read(`${this.prefix}${feedbackReviewKey(id)}`);
    return bytes && (reviewOf(bytes, id) ?? 'unreadable');
  }
}

/** Without consent there is no photo, whatever lies there. */
function photoKeyOf(
  { consent, image }: FeedbackRecord,
  there: ReadonlySet<string>,
  movedTo: string | undefined,
): string | undefined {
  if (!consent || image === null) return undefined;
  const key = feedbackPhotoKey(image);
  return there.has(key) ? key : movedTo;
}

/** Undefined for what was does not write. */
function recordOf(bytes: Uint8Array): FeedbackRecord | undefined {
  try {
    const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<FeedbackRecord> | null; // looked at below
    const isRecord =
      record?.schemaVersion === 1 &&
      typeof record.id === 'string' &&
      !Number.isNaN(Date.parse(record.at ?? '')) &&
      typeof record.right === 'boolean' &&
      typeof record.consent === 'boolean' &&
      [record.said, record.label].every((label) => label === null || typeof label === 'string') &&
      (record.image === null || SHA256.test(record.image ?? ''));
    return isRecord ? (record as FeedbackRecord) : undefined; // as far as it is used here
  } catch {
    return undefined;
  }
}

/** Undefined for what `decide` does not write. */
function reviewOf(bytes: Uint8Array, id: string): FeedbackReview | undefined {
  try {
    const review = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<FeedbackReview> | null; // looked at below
    const isReview =
      review?.id === id &&
      (review.decision === 'accepted'
        ? typeof review.label === 'string'
        : review.decision === 'rejected' || review.decision === 'later');
    return isReview ? (review as FeedbackReview) : undefined; // as far as it is used here
  } catch {
    return undefined;
  }
}

/** Reads what was kept of feedback, and keeps what a person decides on it. Knows objects, neither pages nor datasets. */
import {
  ACCEPTED_PHOTO_PREFIX,
  FEEDBACK_REVIEW_PREFIX,
  feedbackPhotoKey,
  FeedbackRecord,
  FeedbackReview,
  feedbackReviewKey,
} from '@app/contracts/feedback';
import { forEachAtOnce } from '../storage/for-each-at-once';
import { ObjectStore } from '../storage/object-store.port';
import { FeedbackItem } from './feedback-item';

const READ_AT_ONCE = 16;
const RECORD_KEY = /^(\d{4}-\d\d-\d\d)\/([0-9a-f-]+)\.json$/;
const SHA256 = /^[0-9a-f]{64}$/;

export interface FoundFeedback {
  /** In the order in which they came. */
  readonly items: readonly FeedbackItem[];
  /** Objects that lie where records do and are none. */
  readonly unreadable: readonly string[];
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
    const acceptedByHand = new Map(keys.flatMap(acceptedPhotoOf));
    const items: FeedbackItem[] = [];
    const unreadable: string[] = [];
    await forEachAtOnce(keys, READ_AT_ONCE, async (key) => {
      const [, day = '', id = ''] = RECORD_KEY.exec(key) ?? [];
      if (id === '' || day < since) return;
      const bytes = await this.objects.read(`${this.prefix}${key}`);
      if (bytes === undefined) return; // taken back a moment ago
      const record = recordOf(bytes);
      if (record?.id !== id) {
        unreadable.push(key);
        return;
      }
      const byHand = acceptedByHand.get(record.image ?? '');
      const photo = photoKeyOf(record, there, byHand?.key);
      const review = there.has(feedbackReviewKey(id)) ? await this.#reviewOf(id) : undefined;
      const decision = review ?? (byHand && ({ decision: 'accepted', label: byHand.label } as const));
      items.push({
        record,
        ...(photo === undefined ? {} : { photo: `${this.prefix}${photo}` }),
        ...(decision === undefined ? {} : { review: decision }),
      });
    });
    items.sort((a, b) => (`${a.record.at} ${a.record.id}` < `${b.record.at} ${b.record.id}` ? -1 : 1));
    return { items, unreadable: unreadable.sort() };
  }

  async decide(review: FeedbackReview): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(review, null, 2)}\n`);
    await this.objects.write(`${this.prefix}${feedbackReviewKey(review.id)}`, bytes);
  }

  /** Undefined when it was deleted meanwhile. */
  photoBytes(photo: string): Promise<Uint8Array | undefined> {
    return this.objects.read(photo);
  }

  async #reviewOf(id: string): Promise<FeedbackReview | undefined> {
    const bytes = await this.objects.read(`${this.prefix}${FEEDBACK_REVIEW_PREFIX}${id}.json`);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as FeedbackReview); // written by `decide`, whole
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

/** `accepted/rose/<sha256>.jpg` */
function acceptedPhotoOf(key: string): [image: string, { label: string; key: string }][] {
  if (!key.startsWith(ACCEPTED_PHOTO_PREFIX)) return [];
  const [label = '', file = '', ...deeper] = key.slice(ACCEPTED_PHOTO_PREFIX.length).split('/');
  const image = file.replace(/\.jpg$/, '');
  return label !== '' && deeper.length === 0 && SHA256.test(image)
    ? [[image, { label: label.normalize('NFC'), key }]]
    : [];
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

// Keeps records of feedback and the photos that belong to them, so that what was promised is there, and what was taken back is
// gone, whatever fails in between. Knows keys and bytes, not where they lie.
import {
  ACCEPTED_PHOTO_PREFIX,
  feedbackPhotoKey,
  FeedbackRecord,
  feedbackRecordKey,
  feedbackReferencePrefix,
  handledPhotoName,
  REJECTED_PHOTO_PREFIX,
} from '@app/contracts/feedback';
import { randomUUID } from 'node:crypto';
import { ObjectStore } from './object-store.port';

/** What identifies feedback, as its token tells. */
export interface FeedbackKey {
  readonly id: string;
  /** ISO 8601. */
  readonly classifiedAt: string;
  readonly imageSha256: string;
}

/**
 * A photo is there once, however many records name it, and each attempt to store a record with it holds a reference of its own.
 * So the order is: reference, photo, record; and back: record, reference, photo when no reference is left. A crash in between
 * leaves a photo without a record, which the same feedback completes when it comes again, and its deletion removes.
 */
export class FeedbackStore {
  constructor(private readonly objects: ObjectStore) {}

  /** Stores a record, and the photo for its `image`. False when there is feedback to this answer already. */
  async add(record: FeedbackRecord, photo: Buffer | undefined): Promise<boolean> {
    const recordKey = feedbackRecordKey(record);
    const recordBytes = Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
    if ((await this.objects.read(recordKey)) !== undefined) return false;
    if (record.image === null || photo === undefined) return await this.objects.create(recordKey, recordBytes);

    const reference = `${feedbackReferencePrefix(record.image)}${record.id}.${randomUUID()}`;
    try {
      await this.objects.create(reference, Buffer.alloc(0));
      await this.objects.create(feedbackPhotoKey(record.image), photo);
      if (await this.objects.create(recordKey, recordBytes)) return true;
    } catch (error) {
      await this.undo(recordKey, record.image, reference);
      throw error;
    }
    await this.release(record.image, [reference]);
    return false;
  }

  /** Removes the record of feedback, and its photo unless another record needs it. False when there was nothing. */
  async remove({ id, classifiedAt, imageSha256 }: FeedbackKey): Promise<boolean> {
    const recordKey = feedbackRecordKey({ id, classifiedAt });
    const hadRecord = (await this.objects.read(recordKey)) !== undefined;
    if (hadRecord) await this.objects.remove(recordKey);
    const references = await this.objects.list(`${feedbackReferencePrefix(imageSha256)}${id}.`);
    await this.release(imageSha256, references);
    return hadRecord || references.length > 0;
  }

  /** After a failure, as far as the storage lets us: unless the record came to be in spite of it. */
  private async undo(recordKey: string, imageSha256: string, reference: string): Promise<void> {
    try {
      if ((await this.objects.read(recordKey)) === undefined) await this.release(imageSha256, [reference]);
    } catch {
      // The storage is gone; what is left is as after a crash, and the caller is told of the first failure.
    }
  }

  /** Gives up references to a photo, and with the last one the photo. */
  private async release(imageSha256: string, references: readonly string[]): Promise<void> {
    for (const reference of references) await this.objects.remove(reference);
    const photoKey = feedbackPhotoKey(imageSha256);
    const isNeeded = async () => (await this.objects.list(feedbackReferencePrefix(imageSha256))).length > 0;
    if (await isNeeded()) return;
    await this.removeCopies(imageSha256);
    const photo = await this.objects.read(photoKey);
    if (photo === undefined) return;
    await this.objects.remove(photoKey);
    // Somebody who came with the same photo meanwhile found it there, and did not write it.
    if (await isNeeded()) await this.objects.create(photoKey, photo);
  }

  /** Those that a person made in order to accept or reject the photo; a photo that was moved for it is nowhere else. */
  private async removeCopies(imageSha256: string): Promise<void> {
    const name = handledPhotoName(imageSha256);
    const accepted = await this.objects.list(ACCEPTED_PHOTO_PREFIX);
    const copies = accepted.filter((key) => key.endsWith(`/${name}`));
    for (const key of [...copies, `${REJECTED_PHOTO_PREFIX}${name}`]) await this.objects.remove(key);
  }
}

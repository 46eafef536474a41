// Photos that a person has put into `accepted/` or `rejected/` by hand, instead of using the review page. Knows keys alone. Pure.
import { ACCEPTED_PHOTO_PREFIX, handledPhotoName, REJECTED_PHOTO_PREFIX } from '@app/contracts/feedback';
import { enumerate } from '../output/figures';
import { FeedbackItem, IgnoredObject } from './feedback-item';

export interface HandledPhoto {
  /** Where the photo lies; one of the places when there are several. */
  readonly key: string;
  /** Undefined when it was put into several places that contradict each other. */
  readonly review?: NonNullable<FeedbackItem['review']>;
}

export interface HandledPhotos {
  /** By the SHA-256 of the image as it was sent. */
  readonly photos: ReadonlyMap<string, HandledPhoto>;
  /** Objects that count as nothing. */
  readonly ignored: readonly IgnoredObject[];
}

interface Place {
  readonly key: string;
  readonly image: string;
  /** The class; undefined when it is rejected. */
  readonly label?: string;
}

const SHA256 = /^([0-9a-f]{64})\.jpg$/;
const WRONG_NAME = `counts as nothing: expected is ${ACCEPTED_PHOTO_PREFIX}<class>/<sha256>.jpg or ${REJECTED_PHOTO_PREFIX}<sha256>.jpg, with the photo's name in images/`;

/** `keys`: of all objects, below the prefix of the feedback. */
export function findHandled(keys: readonly string[]): HandledPhotos {
  const byImage = new Map<string, Place[]>();
  const ignored: IgnoredObject[] = [];
  for (const key of keys) {
    if (!isByHand(key)) continue;
    const place = placeOf(key);
    if (place === undefined) ignored.push({ key, reason: WRONG_NAME });
    else byImage.set(place.image, [...(byImage.get(place.image) ?? []), place]);
  }
  const photos = new Map<string, HandledPhoto>();
  for (const [image, places] of byImage) {
    const [{ key, label } = { key: '' }] = places;
    const isClear = places.every((place) => place.label === label);
    if (isClear) photos.set(image, { key, review: reviewOf(label) });
    else {
      photos.set(image, { key });
      const others = (each: string) => enumerate(places.map((place) => place.key).filter((place) => place !== each));
      for (const each of places) {
        ignored.push({ key: each.key, reason: `counts as nothing while the photo lies in ${others(each.key)} too` });
      }
    }
  }
  return { photos, ignored };
}

/** Photos that belong to no feedback with consent; `named`: the images of all such feedback. */
export function orphansAmong(photos: HandledPhotos['photos'], named: ReadonlySet<string>): IgnoredObject[] {
  return [...photos].flatMap(([image, { key }]) =>
    named.has(image)
      ? []
      : [{ key, reason: 'counts as nothing: no feedback with consent names it (any more). Delete it' }],
  );
}

/** Not what the S3 console calls a folder: an object whose name ends with a slash. Nor what file managers hide in one. */
function isByHand(key: string): boolean {
  const isThere = key.startsWith(ACCEPTED_PHOTO_PREFIX) || key.startsWith(REJECTED_PHOTO_PREFIX);
  return isThere && !key.endsWith('/') && !(key.split('/').at(-1) ?? '').startsWith('.');
}

function placeOf(key: string): Place | undefined {
  const [, first = '', second = '', ...deeper] = key.split('/');
  const isRejected = key.startsWith(REJECTED_PHOTO_PREFIX);
  const [, image] = SHA256.exec(isRejected ? first : second) ?? [];
  if (image === undefined || deeper.length > 0 || (isRejected && second !== '')) return undefined;
  if (!key.endsWith(`/${handledPhotoName(image)}`)) return undefined;
  return isRejected ? { key, image } : first === '' ? undefined : { key, image, label: first.normalize('NFC') };
}

function reviewOf(label: string | undefined): NonNullable<FeedbackItem['review']> {
  return label === undefined ? { decision: 'rejected', label: null } : { decision: 'accepted', label };
}

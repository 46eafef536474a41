// Where feedback lies, as keys below the folder or the prefix that is set up for it. A crash or a deletion at the wrong moment may
// leave a record whose photo is missing: it counts as one without.

/** All records of a day begin with it; a record lies under the day (UTC) of its answer, so that its id alone decides its key. */
export function feedbackDayPrefix(day: string): string {
  return `${day}/`;
}

export function feedbackRecordKey({
  id,
  classifiedAt,
}: {
  readonly id: string;
  readonly classifiedAt: string;
}): string {
  return `${feedbackDayPrefix(classifiedAt.slice(0, 10))}${id}.json`;
}

/** The photo of an image, once however often the image was sent: JPEG, upright, sRGB, without metadata. */
export function feedbackPhotoKey(imageSha256: string): string {
  return `images/${imageSha256}.jpg`;
}

/** One empty entry for each feedback that needs the photo; without any the photo goes. Its name begins with the classification's id. */
export function feedbackReferencePrefix(imageSha256: string): string {
  return `images/${imageSha256}.refs/`;
}

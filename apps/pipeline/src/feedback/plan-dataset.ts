// What a new dataset version holds: the photos of the data, and those that were accepted. Pure.
import { BESIDE_THE_MANIFEST, DATASET_MANIFEST_FORMAT, DatasetVersion, FeedbackPhoto } from '@app/contracts/dataset';
import { listHash } from '../storage/prefix-name';
import { classNameFault } from './class-name';

/** A file of the data, by its path below the data folder: `rose/1.jpg`. */
export interface DataFile {
  readonly path: string;
  readonly sha256: string;
}

export interface AcceptedPhoto {
  readonly label: string;
  /** SHA-256 of the image as it was sent. */
  readonly image: string;
  /** SHA-256 of what is kept of it. */
  readonly sha256: string;
  readonly feedback: readonly string[];
}

/** A file of the version: one of the data, or the photo of a feedback. */
export interface VersionFile {
  readonly path: string;
  readonly source: { readonly data: string } | { readonly feedbackImage: string };
}

export interface DatasetPlan {
  readonly files: readonly VersionFile[];
  readonly manifest: DatasetVersion;
  /** Accepted photos that are not in the version, and why. */
  readonly leftOut: readonly { readonly image: string; readonly reason: string }[];
}

export interface PlannedData {
  readonly name: string;
  readonly data: readonly DataFile[];
  /** SHA-256 of the test photos. */
  readonly tested: ReadonlySet<string>;
  /** S3 prefixes, where they are known. */
  readonly test?: string;
  readonly other?: string;
}

type Source = VersionFile['source'];
type Planned = Map<string, { readonly source: Source; readonly sha256: string }>;

/** What feedback brought into an earlier version lies there under this name. */
const FEEDBACK_FILE = /^feedback-([0-9a-f]{64})\.[a-z]+$/i;

/**
 * Photos that an earlier version has from feedback count for nothing here: those that are still accepted come from the feedback, so that
 * what was taken back is gone. The label of an accepted photo counts more than the folder in which the same file lies: it moves there. A
 * photo that is in the test data stays out of the training data; one that was accepted with two labels is not taken.
 */
export function planDataset(given: PlannedData, accepted: readonly AcceptedPhoto[]): DatasetPlan {
  const found = given.data.map(({ path, sha256 }) => ({ path: path.normalize('NFC'), data: path, sha256 }));
  const own = found.filter((file) => !isFromFeedback(file));
  const version: Planned = new Map(own.map(({ path, data, sha256 }) => [path, { source: { data }, sha256 }]));
  const placed = placeAccepted(version, own, accepted, given.tested);

  const parent = new Map(found.map((file) => [file.path, file]));
  const paths = [...version.keys()].sort();
  const classes: Record<string, number> = {};
  for (const name of paths.map(classOf)) if (name !== undefined) classes[name] = (classes[name] ?? 0) + 1;
  const { test, other } = given;
  return {
    files: paths.map((path) => ({ path, source: version.get(path)?.source ?? { data: path } })),
    manifest: {
      ...{ format: DATASET_MANIFEST_FORMAT, name: given.name, version: hashOf(version), data: BESIDE_THE_MANIFEST },
      ...(test === undefined ? {} : { test }),
      ...(other === undefined ? {} : { other }),
      images: Object.values(classes).reduce((sum, photos) => sum + photos, 0),
      classes,
      origin: {
        parent: { version: hashOf(parent), images: found.filter(({ path }) => classOf(path) !== undefined).length },
        feedback: placed.feedback,
        added: placed.feedback.map(({ path }) => path).filter((path) => !parent.has(path)),
        removed: found.filter((file) => isFromFeedback(file) && !version.has(file.path)).map(({ path }) => path),
        moved: placed.moved,
      },
      files: Object.fromEntries(paths.map((path) => [path, version.get(path)?.sha256 ?? ''])),
    },
    leftOut: placed.leftOut,
  };
}

/** Puts accepted photos into a version that holds `own`, the files of the data. */
function placeAccepted(
  version: Planned,
  own: readonly (DataFile & { readonly data: string })[],
  accepted: readonly AcceptedPhoto[],
  tested: ReadonlySet<string>,
) {
  const feedback: FeedbackPhoto[] = [];
  const moved: { from: string; to: string }[] = [];
  const leftOut: { image: string; reason: string }[] = [];
  for (const photo of [...accepted].sort((a, b) => (`${a.image} ${a.label}` < `${b.image} ${b.label}` ? -1 : 1))) {
    const { label, image, sha256 } = photo;
    const reason = reasonToLeaveOut(photo, accepted, tested);
    if (reason !== undefined) {
      leftOut.push({ image, reason });
      continue;
    }
    const twins = own.filter((file) => file.sha256 === image || file.sha256 === sha256);
    const elsewhere = twins.filter(({ path }) => classOf(path) !== label);
    for (const { path } of elsewhere) version.delete(path);
    const inPlace = twins.find(({ path }) => classOf(path) === label);
    const [twin] = elsewhere;
    const path = inPlace?.path ?? `${label}/feedback-${image}.${extensionOf(twin?.path ?? '') ?? 'jpg'}`;
    for (const { path: from } of elsewhere) moved.push({ from, to: path });
    if (twin === undefined && inPlace === undefined) {
      version.set(path, { source: { feedbackImage: image }, sha256 });
      feedback.push({ path, label, image, feedback: [...photo.feedback].sort() });
    } else if (inPlace === undefined && twin !== undefined) {
      version.set(path, { source: { data: twin.data }, sha256: twin.sha256 });
    }
  }
  return { feedback, moved, leftOut };
}

function reasonToLeaveOut(
  { label, image, sha256 }: AcceptedPhoto,
  accepted: readonly AcceptedPhoto[],
  tested: ReadonlySet<string>,
): string | undefined {
  const fault = classNameFault(label);
  if (fault !== undefined) return `"${label}" ${fault}`;
  // Files that differ in what is not kept of them are the same photo.
  const same = accepted.filter((other) => other.image === image || other.sha256 === sha256);
  const labels = [...new Set(same.map((other) => other.label))].sort();
  if (labels.length > 1) return `it was accepted as ${labels.join(' and ')}`;
  return tested.has(image) || tested.has(sha256) ? 'it is in the test data' : undefined;
}

/** A file of the data itself that was moved has that name too: it is the very image that was sent. */
function isFromFeedback({ path, sha256 }: DataFile): boolean {
  const [, image] = FEEDBACK_FILE.exec(path.split('/')[1] ?? '') ?? [];
  return image !== undefined && image.toLowerCase() !== sha256;
}

function hashOf(files: Iterable<readonly [path: string, file: { readonly sha256: string }]>): string {
  return listHash([...files].map(([path, { sha256 }]) => [path, sha256]));
}

/** Undefined for a file that lies in no class, like labels.json. */
function classOf(path: string): string | undefined {
  return path.includes('/') ? path.split('/')[0] : undefined;
}

function extensionOf(path: string): string | undefined {
  return /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
}

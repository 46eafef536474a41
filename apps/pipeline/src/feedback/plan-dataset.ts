// What a new dataset version holds: the photos of the data, and those that were accepted. Pure.
import { AddedPhoto, DatasetManifest } from '@app/contracts/learning';
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
  readonly manifest: DatasetManifest;
  /** Accepted photos that are not added, and why. */
  readonly leftOut: readonly { readonly image: string; readonly reason: string }[];
}

/**
 * The label of an accepted photo counts more than the folder in which the same file lies: it moves there. A photo that is in
 * the test data stays out of the training data; one that was accepted with two labels is not taken.
 */
export function planDataset(
  name: string,
  data: readonly DataFile[],
  accepted: readonly AcceptedPhoto[],
  tested: ReadonlySet<string>,
): DatasetPlan {
  const files = new Map(data.map(({ path, sha256 }) => [path.normalize('NFC'), { data: path, sha256 }] as const));
  const pathsOf = new Map<string, string[]>();
  for (const [path, { sha256 }] of files) pathsOf.set(sha256, [...(pathsOf.get(sha256) ?? []), path]);
  const version = new Map<string, { source: VersionFile['source']; sha256: string }>(
    [...files].map(([path, { data, sha256 }]) => [path, { source: { data }, sha256 }]),
  );
  const added: AddedPhoto[] = [];
  const moved: { from: string; to: string }[] = [];
  const leftOut: { image: string; reason: string }[] = [];

  const sorted = [...accepted].sort((a, b) => (`${a.image} ${a.label}` < `${b.image} ${b.label}` ? -1 : 1));
  for (const { label, image, sha256, feedback } of sorted) {
    const rivals = accepted.filter((other) => other.image === image && other.label !== label);
    const fault = classNameFault(label);
    if (fault !== undefined) leftOut.push({ image, reason: `"${label}" ${fault}` });
    else if (rivals.length > 0)
      leftOut.push({
        image,
        reason: `it was accepted as ${[label, ...rivals.map((other) => other.label)].sort().join(' and ')}`,
      });
    else if (tested.has(image) || tested.has(sha256)) leftOut.push({ image, reason: 'it is in the test data' });
    else {
      const twins = [image, sha256].flatMap((hash) => pathsOf.get(hash) ?? []);
      const elsewhere = twins.filter((path) => classOf(path) !== label);
      for (const from of elsewhere) version.delete(from);
      if (twins.length > elsewhere.length) {
        const [to = ''] = twins.filter((path) => classOf(path) === label);
        for (const from of elsewhere) moved.push({ from, to });
        continue;
      }
      const [twin] = elsewhere;
      const original = twin === undefined ? undefined : files.get(twin);
      const path = `${label}/feedback-${image}.${extensionOf(twin ?? '') ?? 'jpg'}`;
      version.set(
        path,
        original === undefined
          ? { source: { feedbackImage: image }, sha256 }
          : { source: { data: original.data }, sha256: original.sha256 },
      );
      if (original === undefined) added.push({ path, label, image, feedback: [...feedback].sort() });
      else for (const from of elsewhere) moved.push({ from, to: path });
    }
  }

  const paths = [...version.keys()].sort();
  const classes: Record<string, number> = {};
  for (const name of paths.map(classOf)) if (name !== undefined) classes[name] = (classes[name] ?? 0) + 1;
  const hashOf = (entries: Iterable<readonly [string, { readonly sha256: string }]>) =>
    listHash([...entries].map(([path, { sha256 }]) => [path, sha256]));
  return {
    files: [...version].map(([path, { source }]) => ({ path, source })),
    manifest: {
      schemaVersion: 1,
      name,
      hash: hashOf(version),
      parent: { hash: hashOf(files), photos: [...files.keys()].filter((path) => classOf(path) !== undefined).length },
      added,
      moved,
      classes,
    },
    leftOut,
  };
}

/** Undefined for a file that lies in no class, like labels.json. */
function classOf(path: string): string | undefined {
  return path.includes('/') ? path.split('/')[0] : undefined;
}

function extensionOf(path: string): string | undefined {
  return /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
}

/** Which packages of package-lock.json some packages need on a machine: what npm would install for them there. */
import { ImageError } from './image-error';
import { Machine } from './platform';

/** An entry of package-lock.json (lockfileVersion 3), as far as it matters here. */
export interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** By place: `node_modules/a`, `node_modules/a/node_modules/b`; the project itself has the place ``. */
export type Lock = Readonly<Record<string, LockEntry>>;

export interface LockedPackage {
  readonly place: string;
  readonly version: string;
  /** Hash of the archive that npm installs. */
  readonly integrity: string;
}

/** Sorted by place. Throws `ImageError` when one of `names`, or what they need, is not locked. */
export function lockedPackages(lock: Lock, names: readonly string[], machine: Machine): LockedPackage[] {
  const found = new Set<string>();
  const waiting = names.map((name) => ({ name, needed: true, by: '' }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const place = findPackage(lock, next.by, next.name);
    const entry = place === undefined ? undefined : lock[place];
    if (place === undefined || entry === undefined) {
      if (next.needed) throw missing(next.name, next.by);
      continue;
    }
    if (found.has(place) || !(next.needed || runsOn(entry, machine))) continue;
    found.add(place);
    for (const name of neededBy(entry)) waiting.push({ name, needed: true, by: place });
    for (const name of Object.keys(entry.optionalDependencies ?? {})) waiting.push({ name, needed: false, by: place });
  }
  return [...found].sort().map((place) => {
    const { version = '', integrity = '' } = lock[place] ?? {};
    return { place, version, integrity };
  });
}

/** As Node looks for it: in the package itself, then in each that it lies in. */
function findPackage(lock: Lock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in lock) return place;
    if (folder === '') return undefined;
  }
}

/** npm lists an optional dependency among the others too, in some packages; what it says of it there counts less. */
function neededBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: LockEntry): string[] {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...Object.keys(dependencies ?? {}), ...peers].filter((name) => !(name in (optionalDependencies ?? {})));
}

function runsOn({ os, cpu, libc }: LockEntry, machine: Machine): boolean {
  const allows = (list: readonly string[] | undefined, value: string) =>
    list === undefined ||
    (!list.includes(`!${value}`) && (list.includes(value) || list.every((one) => one.startsWith('!'))));
  return allows(os, machine.os) && allows(cpu, machine.cpu) && allows(libc, machine.libc);
}

function missing(name: string, by: string): ImageError {
  const needing = by === '' ? 'the image' : by.replace(/^.*node_modules\//, '');
  return new ImageError(`package-lock.json has no ${name}, which ${needing} needs: run npm install.`);
}

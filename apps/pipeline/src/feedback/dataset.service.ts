/** Makes a dataset version of photos in a folder or below an S3 prefix and of accepted feedback. */
import { DATASET_MANIFEST_FILE, DatasetManifest } from '@app/contracts/learning';
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { CommandError, UsageError } from '../command.error';
import { codeOf, reasonOf } from '../reason-of';
import { requireClassFolders } from '../runs/data-folder';
import { isS3Uri } from '../runs/run-request';
import { forEachAtOnce } from '../storage/for-each-at-once';
import { ObjectStore } from '../storage/object-store.port';
import { prefixName, sha256 } from '../storage/prefix-name';
import { visibleFiles } from '../storage/visible-files';
import { FeedbackItem, hasPhoto } from './feedback-item';
import { AcceptedPhoto, DataFile, DatasetPlan, planDataset, VersionFile } from './plan-dataset';

/** A photo in a class folder, or the names of the classes: what learning reads. */
const DATA_PATH = /^([^/]+\/[^/]+\.(jpe?g|png|webp)|labels\.json)$/i;
const FILES_AT_ONCE = 16;

export interface DatasetRequest {
  /** A folder of this machine, or an S3 prefix. */
  readonly data: string;
  readonly test?: string;
  /** Folder for the version. */
  readonly output?: string;
}

export interface MadeDataset extends Pick<DatasetPlan, 'manifest' | 'leftOut'> {
  /** What `run --data` takes. */
  readonly place: string;
  /** False when it was there already. */
  readonly isNew: boolean;
}

/** Where the files of a version come from. */
interface Sources {
  readonly data: DataSource;
  /** URIs of the photos, by the image that was sent. */
  readonly photos: ReadonlyMap<string, string>;
}

interface DataSource {
  readonly paths: readonly string[];
  /** Undefined where it is no file of this machine. */
  fileOf(path: string): string | undefined;
  read(path: string): Promise<Uint8Array>;
}

export class DatasetService {
  /** Versions lie below `folder`; without one, in S3 as the store knows it. */
  constructor(
    private readonly objects: ObjectStore,
    private readonly folder: string | undefined,
  ) {}

  async make({ data, test, output }: DatasetRequest, items: readonly FeedbackItem[]): Promise<MadeDataset> {
    const source = await this.#sourceOf('--data', data, 2);
    const files = await hashed(source);
    const testFiles = test === undefined ? [] : await hashed(await this.#sourceOf('--test', test, 1));
    const { accepted, photos } = await this.#accepted(items);
    const name = (await this.#parentOf(data))?.name ?? prefixName(basename(isS3Uri(data) ? data : resolve(data)));
    const plan = planDataset(name, files, accepted, new Set(testFiles.map((file) => file.sha256)));
    const sources = { data: source, photos };
    const { manifest, leftOut } = plan;
    const made =
      output === undefined && this.folder === undefined
        ? await this.#upload(plan, sources)
        : await this.#writeFolder(plan, sources, output);
    return { manifest, leftOut, ...made };
  }

  async #accepted(items: readonly FeedbackItem[]): Promise<{ accepted: AcceptedPhoto[]; photos: Map<string, string> }> {
    const photos = new Map<string, string>();
    const accepted = new Map<string, AcceptedPhoto>();
    for (const item of items) {
      const { review, record } = item;
      if (!hasPhoto(item) || review?.decision !== 'accepted') continue;
      const bytes = await this.objects.read(item.photo);
      if (bytes === undefined) continue; // taken back a moment ago
      const label = (review.label ?? '').normalize('NFC');
      const key = `${item.record.image} ${label}`;
      photos.set(item.record.image, item.photo);
      accepted.set(key, {
        ...{ label, image: item.record.image, sha256: sha256(bytes) },
        feedback: [...(accepted.get(key)?.feedback ?? []), record.id],
      });
    }
    return { accepted: [...accepted.values()], photos };
  }

  async #sourceOf(option: string, place: string, leastClasses: number): Promise<DataSource> {
    if (!isS3Uri(place)) {
      await requireClassFolders(option, place, leastClasses);
      const folder = await realpath(place);
      const paths = (await visibleFiles(folder)).map((file) => relative(folder, file).split(sep).join('/'));
      const fileOf = (path: string) => join(folder, path);
      return { paths: dataPaths(paths), fileOf, read: (path) => readFile(fileOf(path)) };
    }
    const prefix = place.endsWith('/') ? place : `${place}/`;
    const uris = await this.objects.list(prefix);
    if (uris.length === 0) throw new UsageError(`${option} ${place} holds nothing.`);
    const paths = uris.map((uri) => uri.slice(prefix.length));
    const read = (path: string) => this.#read(`${prefix}${path}`);
    return { paths: dataPaths(paths), fileOf: (path) => this.objects.fileOf(`${prefix}${path}`), read };
  }

  /** Undefined for data that is no dataset version: its versions are called like its folder. */
  async #parentOf(data: string): Promise<DatasetManifest | undefined> {
    return isS3Uri(data)
      ? manifestOf(await this.objects.read(`${data.replace(/\/$/, '')}/${DATASET_MANIFEST_FILE}`))
      : manifestIn(data);
  }

  async #read(uri: string): Promise<Uint8Array> {
    const bytes = await this.objects.read(uri);
    if (bytes === undefined) throw new CommandError(`${uri} was removed meanwhile. Try again.`);
    return bytes;
  }

  /** Photos of this machine are linked to: a version takes no space, and feedback that is taken back is gone from it. */
  async #writeFolder({ files, manifest }: DatasetPlan, sources: Sources, output: string | undefined) {
    const { name, hash } = manifest;
    const place = output ?? join(this.folder ?? '', `${name}-${hash}`);
    const there = await manifestIn(place);
    if (there?.hash === hash) return { place, isNew: false };
    const temporary = join(dirname(resolve(place)), `.${randomUUID()}`);
    try {
      await mkdir(temporary, { recursive: true });
      await forEachAtOnce(files, FILES_AT_ONCE, async (file) => {
        const target = join(temporary, file.path);
        await mkdir(dirname(target), { recursive: true });
        const original = this.#fileOf(file, sources);
        if (original === undefined) await writeFile(target, await this.#bytesOf(file, sources));
        else await linkTo(original, target);
      });
      await writeFile(join(temporary, DATASET_MANIFEST_FILE), jsonOf(manifest));
      await rename(temporary, resolve(place));
    } catch (error) {
      const isTaken = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '');
      throw new CommandError(
        isTaken
          ? `${place} holds something else. Name a folder that is not there yet with --output.`
          : `${place} cannot be written (${reasonOf(error)}).`,
        undefined,
        { cause: error },
      );
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return { place, isNew: true };
  }

  /** What is there under the hash is not uploaded again. The manifest comes last: whoever waits for it finds all photos. */
  async #upload({ files, manifest }: DatasetPlan, sources: Sources) {
    const place = `${this.objects.root}/datasets/${manifest.name}/${manifest.hash}/`;
    const there = new Set(await this.objects.list(place));
    const manifestUri = `${place}${DATASET_MANIFEST_FILE}`;
    if (there.has(manifestUri)) return { place, isNew: false };
    const missing = files.filter(({ path }) => !there.has(`${place}${path}`));
    await forEachAtOnce(missing, FILES_AT_ONCE, async (file) => {
      await this.objects.write(`${place}${file.path}`, await this.#bytesOf(file, sources));
    });
    await this.objects.write(manifestUri, Buffer.from(jsonOf(manifest)));
    return { place, isNew: true };
  }

  #fileOf({ source }: VersionFile, { data, photos }: Sources): string | undefined {
    return 'data' in source ? data.fileOf(source.data) : this.objects.fileOf(photos.get(source.feedbackImage) ?? '');
  }

  #bytesOf({ source }: VersionFile, { data, photos }: Sources): Promise<Uint8Array> {
    return 'data' in source ? data.read(source.data) : this.#read(photos.get(source.feedbackImage) ?? '');
  }
}

async function hashed(source: DataSource): Promise<DataFile[]> {
  const files: DataFile[] = [];
  await forEachAtOnce(source.paths, FILES_AT_ONCE, async (path) => {
    files.push({ path, sha256: sha256(await source.read(path)) });
  });
  return files;
}

async function manifestIn(folder: string): Promise<DatasetManifest | undefined> {
  const bytes = await readFile(join(folder, DATASET_MANIFEST_FILE)).catch(() => undefined);
  return manifestOf(bytes);
}

function manifestOf(bytes: Uint8Array | undefined): DatasetManifest | undefined {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as DatasetManifest; // ours, by its name
  } catch {
    return undefined;
  }
}

function dataPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => DATA_PATH.test(path) && !path.split('/').some((part) => part.startsWith('.'))).sort();
}

/** Windows lets not everybody make a symbolic link. */
async function linkTo(file: string, target: string): Promise<void> {
  try {
    await symlink(await realpath(file), target);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    await link(file, target);
  }
}

function jsonOf(manifest: DatasetManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

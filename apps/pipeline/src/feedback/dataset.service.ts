/** Makes a dataset version of photos in a folder or below an S3 prefix and of accepted feedback. */
import { DATASET_MANIFEST_FILE, DATASETS_PREFIX, DatasetManifest, parseDatasetManifest } from '@app/contracts/dataset';
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { CommandError, UsageError } from '../command.error';
import { codeOf, reasonOf } from '../reason-of';
import { requireClassFolders, requireImages } from '../runs/data-folder';
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
/** Fewer cannot be told apart. */
const LEAST_CLASSES = 2;
/** What a folder is called until its version is whole. Hidden, so that it is nobody's data. */
const UNFINISHED = '.unfinished-';
/** No version takes that long. */
const ABANDONED_AFTER_MS = 86_400_000;

export interface DatasetRequest {
  /** A folder of this machine, or an S3 prefix, as are `test` and `other`. */
  readonly data: string;
  /** Without them, those of the version that `data` is. */
  readonly test?: string;
  readonly other?: string;
  /** Without it that of the version that `data` is, or of its folder. */
  readonly name?: string;
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

  /** `onProgress` is told of what is uploaded. */
  async make(
    request: DatasetRequest,
    items: readonly FeedbackItem[],
    onProgress: (sentence: string) => void,
  ): Promise<MadeDataset> {
    const { data, output } = request;
    const source = await this.#sourceOf('--data', data, LEAST_CLASSES);
    const parent = await this.#parentOf(data);
    const test = request.test ?? parent?.test;
    const other = request.other ?? parent?.other;
    if (other !== undefined && !isS3Uri(other)) await requireImages('--other', other);
    const tested = test === undefined ? [] : await hashed(await this.#sourceOf('--test', test, 1));
    const { accepted, photos } = await this.#accepted(items);
    const isUploaded = output === undefined && this.folder === undefined;
    const provided = (place: string | undefined) => this.#provided(place, isUploaded, onProgress);
    const plan = planDataset(
      {
        name: request.name ?? parent?.name ?? prefixName(basename(isS3Uri(data) ? data : resolve(data))),
        data: await hashed(source),
        tested: new Set(tested.map((file) => file.sha256)),
        ...(await provided(test).then((uri) => (uri === undefined ? {} : { test: uri }))),
        ...(await provided(other).then((uri) => (uri === undefined ? {} : { other: uri }))),
      },
      accepted,
    );
    const { manifest, leftOut } = plan;
    requireClasses(data, manifest);
    const sources = { data: source, photos };
    const made = isUploaded ? await this.#upload(plan, sources) : await this.#writeFolder(plan, sources, output);
    return { manifest, leftOut, ...made };
  }

  /** Where jobs find photos that go with a version: undefined for a folder of this machine beside a version that is one too. */
  async #provided(
    place: string | undefined,
    isUploaded: boolean,
    onProgress: (sentence: string) => void,
  ): Promise<string | undefined> {
    if (place === undefined) return undefined;
    if (isS3Uri(place)) return withSlash(place);
    return isUploaded ? await this.objects.provideFolder(place, onProgress) : undefined;
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
    const prefix = withSlash(place);
    const uris = await this.objects.list(prefix);
    if (uris.length === 0)
      throw new UsageError(`${option} ${place} holds nothing. Expected are photos like ${prefix}rose/1.jpg.`);
    const paths = uris.map((uri) => uri.slice(prefix.length));
    const read = (path: string) => this.#read(`${prefix}${path}`);
    return { paths: dataPaths(paths), fileOf: (path) => this.objects.fileOf(`${prefix}${path}`), read };
  }

  /** Undefined for data that is no dataset version: its versions are called like its folder. */
  async #parentOf(data: string): Promise<DatasetManifest | undefined> {
    return isS3Uri(data)
      ? manifestOf(await this.objects.read(`${withSlash(data)}${DATASET_MANIFEST_FILE}`))
      : manifestIn(data);
  }

  async #read(uri: string): Promise<Uint8Array> {
    const bytes = await this.objects.read(uri);
    if (bytes === undefined) throw new CommandError(`${uri} was removed meanwhile. Try again.`);
    return bytes;
  }

  /** Photos of this machine are linked to: a version takes no space, and feedback that is taken back is gone from it. */
  async #writeFolder({ files, manifest }: DatasetPlan, sources: Sources, output: string | undefined) {
    const { name, version } = manifest;
    const place = output ?? join(this.folder ?? '', `${name}-${version}`);
    const isThere = async () => (await manifestIn(place))?.version === version;
    if (await isThere()) return { place, isNew: false };
    const beside = dirname(resolve(place));
    await removeAbandoned(beside);
    const temporary = join(beside, `${UNFINISHED}${randomUUID()}`);
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
      if (await isThere()) return { place, isNew: false }; // somebody else was faster
      const isTaken = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '');
      if (error instanceof CommandError) throw error;
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

  /**
   * What is there under the version is not uploaded again. The manifest comes last, and is created once whoever else makes the same
   * version: what waits for it finds all photos, and starts once.
   */
  async #upload({ files, manifest }: DatasetPlan, sources: Sources) {
    const place = `${this.objects.dataRoot}/${DATASETS_PREFIX}${manifest.name}/${manifest.version}/`;
    const there = new Set(await this.objects.list(place));
    const manifestUri = `${place}${DATASET_MANIFEST_FILE}`;
    if (there.has(manifestUri)) return { place, isNew: false };
    const missing = files.filter(({ path }) => !there.has(`${place}${path}`));
    await forEachAtOnce(missing, FILES_AT_ONCE, async (file) => {
      await this.objects.write(`${place}${file.path}`, await this.#bytesOf(file, sources));
    });
    return { place, isNew: await this.objects.create(manifestUri, Buffer.from(jsonOf(manifest))) };
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

/** Undefined for what is none of ours: then the data is photos like any other. */
function manifestOf(bytes: Uint8Array | undefined): DatasetManifest | undefined {
  if (bytes === undefined) return undefined;
  try {
    return parseDatasetManifest(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function requireClasses(data: string, { classes }: DatasetManifest): void {
  const names = Object.keys(classes);
  if (names.length >= LEAST_CLASSES) return;
  const found = names[0] === undefined ? 'no photos in class folders' : `photos of one class only ("${names[0]}")`;
  throw new UsageError(`The version would hold ${found}: two classes are needed, like ${join(data, 'rose', '1.jpg')}.`);
}

/** Of a process that was killed while it made a version. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(UNFINISHED)) continue;
    const place = join(folder, name);
    const { mtimeMs } = await stat(place).catch(() => ({ mtimeMs: Infinity })); // its maker is done with it
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(place, { recursive: true, force: true });
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

function withSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}

function jsonOf(manifest: DatasetManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

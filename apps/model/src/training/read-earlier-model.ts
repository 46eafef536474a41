// The model that a job goes on from: a package as a training job leaves it, packed or not. Only its head is of interest.
import { LabelledHead } from '@app/learning';
import { FEATURES, readLinearHead } from '@app/onnx';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { written } from '../job/written';
import { DEFAULT_OUTPUT_NAME } from '../model-package/model-package';
import { ModelPackageError } from '../model-package/model-package.error';
import { parseManifest } from '../model-package/parse-manifest';
import { ARCHIVE, unpackedPackage } from '../model-package/unpacked-package';

export interface EarlierModel {
  readonly name: string;
  readonly version: string;
  readonly created: string;
  readonly head: LabelledHead;
  /** Of the backbone that it was learnt on, where the package says it. */
  readonly backboneSha256?: string;
}

const MODEL = 'model.onnx';
const MANIFEST = 'model.json';

/** Reads `model.tar.gz`, or an unpacked package. Throws a `ModelPackageError` when there is none, or none whose head can be read. */
export async function readEarlierModel(channel: string): Promise<EarlierModel> {
  const place = await written('Intermediate results', tmpdir(), mkdtemp(join(tmpdir(), 'earlier-model-')));
  try {
    const folder = await unpackedPackage(channel, place);
    return await readPackage(folder, folder === channel ? channel : join(channel, ARCHIVE));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** `place`: what people know it by. */
async function readPackage(folder: string, place: string): Promise<EarlierModel> {
  const absent = [MANIFEST, MODEL].filter((name) => !existsSync(join(folder, name)));
  if (absent.length > 0) throw new ModelPackageError(`The earlier model ${place} has no ${absent.join(' and no ')}.`);
  const manifest = parseManifest(await readFile(join(folder, MANIFEST), 'utf8'), `${place} (${MANIFEST})`);
  const { name, version, created, labels, output, provenance } = manifest;
  const head = await readHead(join(folder, MODEL), output?.name ?? DEFAULT_OUTPUT_NAME);
  if (head?.input !== FEATURES || head.classes !== labels.length) {
    throw new ModelPackageError(
      `The earlier model ${place} cannot be gone on from: its ${basename(MODEL)} has no linear head on "${FEATURES}".`,
    );
  }
  const backboneSha256 = sha256Of(provenance?.['backbone']);
  return {
    name,
    version,
    created,
    head: { ...head, dimension: head.features, labels: labels.map(({ id }) => id) },
    ...(backboneSha256 === undefined ? {} : { backboneSha256 }),
  };
}

/** Undefined for what is no ONNX model, too. */
async function readHead(path: string, output: string) {
  try {
    return await readLinearHead(path, output);
  } catch {
    return undefined;
  }
}

function sha256Of(backbone: unknown): string | undefined {
  if (typeof backbone !== 'object' || backbone === null || !('sha256' in backbone)) return undefined;
  return typeof backbone.sha256 === 'string' ? backbone.sha256 : undefined;
}

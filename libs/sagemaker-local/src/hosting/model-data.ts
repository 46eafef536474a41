/** `model.tar.gz` made into a folder that a container can serve, as SageMaker does before it starts one. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import { hasCode, LocalS3, StateFolder } from '../state';

/** There is no model that could be served. The message says why. */
export class ModelDataError extends Error {
  override readonly name = 'ModelDataError';
}

const UNPACKED = 'unpacked';

export class ModelData {
  readonly #s3: LocalS3;

  constructor(private readonly state: StateFolder) {
    this.#s3 = new LocalS3(state);
  }

  exists(uri: string): Promise<boolean> {
    return this.#s3.exists(uri).catch(() => false); // it is no S3 URI
  }

  /**
   * The folder that holds what is in the archive, named by the archive's content: the same archive is unpacked once, and a folder that
   * is there is whole. Throws a `ModelDataError`.
   */
  async unpack(uri: string): Promise<string> {
    const archive = this.#pathOf(uri);
    const folder = this.state.path(UNPACKED, await this.#hashOf(archive, uri));
    if (await isThere(folder)) return folder;

    const temporary = join(this.state.path(UNPACKED), `.${randomUUID()}`);
    await mkdir(temporary, { recursive: true });
    try {
      await unpackInto(temporary, archive);
      await rename(temporary, folder);
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return folder; // somebody else was as quick
      if (error instanceof ModelDataError) throw error;
      throw new ModelDataError(`Could not unpack model data at ${uri}: ${messageOf(error)}.`);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return folder;
  }

  #pathOf(uri: string): string {
    try {
      return this.#s3.pathOf(uri);
    } catch (error) {
      throw new ModelDataError(`Could not find model data: ${messageOf(error)}.`);
    }
  }

  async #hashOf(archive: string, uri: string): Promise<string> {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(archive), hash);
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw new ModelDataError(`Could not find model data at ${uri}.`);
      throw new ModelDataError(`Could not read model data at ${uri}: ${messageOf(error)}.`);
    }
    return hash.digest('hex').slice(0, 32);
  }
}

/** Files and folders only: a link could lead out of the folder. `tar` itself refuses paths that do. */
async function unpackInto(folder: string, archive: string): Promise<void> {
  let odd: string | undefined;
  await extract({
    file: archive,
    cwd: folder,
    strict: true,
    preserveOwner: false,
    filter: (path, entry) => {
      const isPlain = 'type' in entry && (entry.type === 'File' || entry.type === 'Directory');
      if (!isPlain) odd = path;
      return isPlain;
    },
  });
  if (odd !== undefined) throw new Error(`${odd} in it is neither a file nor a folder`);
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined)) !== undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `/opt/ml` of one job, as a folder of this machine. Inputs are links into S3's folder: nothing is copied. */
import { copyFile, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode, LocalS3 } from '../state';
import { JsonObject } from './json';
import { CONTAINER_FOLDER } from './pipeline-definition';

/** `resourceconfig.json` of a job on one machine, under the name that SageMaker gives to it. */
export const HOST_CONFIG = { current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: 'eth0' };

/** The message is for whoever asked for the job. */
export class JobError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JobError';
  }
}

export class JobFolder {
  constructor(
    readonly base: string,
    private readonly s3: LocalS3,
  ) {}

  /** Where a path of the container lies: `/opt/ml/model`. */
  path(containerPath: string): string {
    const parts = containerPath.slice(CONTAINER_FOLDER.length).split('/');
    if (!containerPath.startsWith(CONTAINER_FOLDER) || parts.includes('..')) {
      throw new JobError(`"${containerPath}" is not below ${CONTAINER_FOLDER}.`);
    }
    return join(this.base, ...parts);
  }

  async makeFolder(containerPath: string): Promise<string> {
    const folder = this.path(containerPath);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async writeConfig(containerPath: string, config: JsonObject): Promise<void> {
    await this.makeFolder(dirname(containerPath));
    await writeFile(this.path(containerPath), JSON.stringify(config, null, 2));
  }

  /** Lets a container see a prefix as a folder, or one object as a file in a folder, as SageMaker does. */
  async linkInput(uri: string, containerPath: string): Promise<void> {
    const source = this.#locate(uri);
    const facts = await stat(source).catch(() => undefined);
    if (facts === undefined) throw new JobError(`There is nothing at ${uri}.`);
    const place = this.path(containerPath);
    if (facts.isDirectory()) {
      await mkdir(dirname(place), { recursive: true });
      await symlink(source, place, 'junction');
      return;
    }
    await mkdir(place, { recursive: true });
    const file = join(place, basename(source));
    await symlink(source, file).catch(async (error: unknown) => {
      if (!hasCode(error, 'EPERM')) throw error; // Windows lets only some people make links to files
      await copyFile(source, file);
    });
  }

  /** A prefix that the container writes to while it runs, and that the next job finds again. */
  async linkShared(uri: string, containerPath: string): Promise<void> {
    await mkdir(this.#locate(uri), { recursive: true });
    await this.linkInput(uri, containerPath);
  }

  /** What the container left to be told, cut as SageMaker cuts it (1 KB); undefined when there is nothing. */
  async readMessage(containerPath: string): Promise<string | undefined> {
    const text = await readFile(this.path(containerPath), 'utf8').catch(() => '');
    return text.trim() === '' ? undefined : text.trim().slice(0, 1024);
  }

  #locate(uri: string): string {
    try {
      return this.s3.pathOf(uri);
    } catch (error) {
      if (error instanceof RangeError) throw new JobError(`${error.message}.`);
      throw error;
    }
  }
}

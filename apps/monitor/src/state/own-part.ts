import { randomUUID } from 'node:crypto';
import { Observations } from '../observation/observations';
import { StateStore, StoredPart } from './state-store.port';
import { writerOf, writeState } from './state-text';

/**
 * The part of one monitor in the store, which nobody else writes. When somebody has, that is seen by the version before it is written again,
 * and by the writer's name in it: a write of its own that timed out and succeeded all the same gives a new version as well. Two that
 * write in the same moment are seen at the next write.
 */
export class OwnPart {
  /** Of this life of the process. */
  private readonly writer: string = randomUUID();
  /** Who wrote what was loaded; may still write until its part is written here. */
  private predecessor: string | undefined;
  private version: string | undefined;

  constructor(
    private readonly store: StateStore,
    private readonly name: string,
  ) {}

  /** Nothing when there is no such part. */
  async load(): Promise<string | undefined> {
    const text = await this.store.load(this.name);
    this.predecessor = text === undefined ? undefined : writerOf(text);
    return text;
  }

  /** `parts` are those that are there. Writes nothing, and gives false, when another one has written the part since it was loaded. */
  async save(observations: Observations, parts: readonly StoredPart[]): Promise<boolean> {
    if (await this.isTaken(parts)) return false;
    this.version = await this.store.save(this.name, writeState(observations, this.writer));
    this.predecessor = undefined;
    return true;
  }

  private async isTaken(parts: readonly StoredPart[]): Promise<boolean> {
    const found = parts.find(({ name }) => name === this.name);
    if (found === undefined || found.version === this.version) return false;
    const text = await this.store.load(this.name);
    const writer = text === undefined ? undefined : writerOf(text);
    return writer !== undefined && writer !== this.writer && writer !== this.predecessor;
  }
}

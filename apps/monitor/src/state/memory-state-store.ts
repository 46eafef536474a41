import { StateStore, StoredPart } from './state-store.port';

/** Keeps nothing beyond the process: for a monitor without a place for its state. */
export class MemoryStateStore extends StateStore {
  list(): Promise<readonly StoredPart[]> {
    return Promise.resolve([]);
  }

  load(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  save(): Promise<string> {
    return Promise.resolve('');
  }

  setAside(name: string): Promise<string> {
    return Promise.reject(new Error(`${name} was never kept`));
  }
}

import { ObjectStore } from './object-store.port';

/** Objects in memory, for tests: with a place to look on and to interfere. */
export class FakeObjectStore extends ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** Called before each change, with the key; may throw in place of the change, or do something else first. */
  beforeChange: (key: string, change: 'create' | 'remove') => Promise<void> | void = () => undefined;

  get keys(): readonly string[] {
    return [...this.objects.keys()].sort();
  }

  async create(key: string, bytes: Buffer): Promise<boolean> {
    await this.beforeChange(key, 'create');
    if (this.objects.has(key)) return false;
    this.objects.set(key, bytes);
    return true;
  }

  read(key: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.objects.get(key));
  }

  list(prefix: string): Promise<readonly string[]> {
    return Promise.resolve(this.keys.filter((key) => key.startsWith(prefix)));
  }

  async remove(key: string): Promise<void> {
    await this.beforeChange(key, 'remove');
    this.objects.delete(key);
  }
}

// The last answers, in this browser's own database. Nothing of it is ever sent.

export interface HistoryEntry {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly heading: string;
  /** A small JPEG as a data URL; empty where there was no picture to make it of. */
  readonly thumbnail: string;
}

const DATABASE = 'answers';
const STORE = 'entries';
export const MAX_ENTRIES = 12;

export class HistoryStore {
  /** Newest first. */
  async list(): Promise<readonly HistoryEntry[]> {
    const entries = await this.do('readonly', (store) => store.getAll() as IDBRequest<HistoryEntry[]>);
    return entries.reverse();
  }

  /** Adds it, and forgets what is more than the last ones. */
  async add(entry: HistoryEntry): Promise<void> {
    await this.do('readwrite', (store) => store.add(entry));
    const keys = await this.do('readonly', (store) => store.getAllKeys());
    for (const key of keys.slice(0, -MAX_ENTRIES)) await this.do('readwrite', (store) => store.delete(key));
  }

  async clear(): Promise<void> {
    await this.do('readwrite', (store) => store.clear());
  }

  private async do<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await open();
    try {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('the browser keeps nothing'));
      });
      return request.result;
    } finally {
      database.close();
    }
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser has no database'));
  });
}

/**
 * Where feedback is kept, as far as its store needs it: bytes by key, with slashes. What a method has done is on disk, or in the
 * bucket, when its promise is fulfilled; others see an object whole or not at all. All methods throw what the storage throws.
 */
export abstract class ObjectStore {
  /** Writes an object unless there is one: false then. Of several who try, one succeeds. */
  abstract create(key: string, bytes: Buffer): Promise<boolean>;

  abstract read(key: string): Promise<Buffer | undefined>;

  /** All keys that begin with the prefix, however deep they lie below it. */
  abstract list(prefix: string): Promise<readonly string[]>;

  /** To remove what is not there is no error. */
  abstract remove(key: string): Promise<void>;
}

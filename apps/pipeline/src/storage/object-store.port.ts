/** Objects below S3 prefixes, wherever they lie. Prefixes end with `/`. */
export interface ObjectStore {
  /** Where results and caches go, without a slash at its end: `s3://local`. */
  readonly root: string;
  /** Where datasets go, likewise; often the same. */
  readonly dataRoot: string;
  /** Makes a folder of images readable for jobs, and gives its prefix. */
  provideFolder(folder: string, onProgress: (sentence: string) => void): Promise<string>;
  /** Makes some files readable for jobs, by name under one prefix that is the same for the same contents. */
  provideFiles(kind: string, files: ReadonlyMap<string, Uint8Array>): Promise<string>;
  /** Says in the prefix that it holds nothing, unless it holds something. */
  markEmpty(prefix: string): Promise<void>;
  holdsSomething(prefix: string): Promise<boolean>;
  /** URIs of all objects below a prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  /** Replaces what is there; nobody ever sees half of it. */
  write(uri: string, bytes: Uint8Array): Promise<void>;
  /** Writes an object unless there is one: false then. Of several who try, one succeeds. */
  create(uri: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined when there is no such object. */
  read(uri: string): Promise<Uint8Array | undefined>;
  /** Where a person finds it: a path of this machine where there is one. */
  placeOf(uri: string): Promise<string>;
  /** Its file on this machine, when it is one. */
  fileOf(uri: string): string | undefined;
}

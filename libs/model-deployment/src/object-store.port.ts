/** Where model files lie. */
export interface ObjectStore {
  /** Copies one object; what is at the other place already is replaced. Both are `s3://bucket/key`. */
  copy(fromUri: string, toUri: string): Promise<void>;
}

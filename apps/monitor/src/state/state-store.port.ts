export interface StoredPart {
  readonly name: string;
  /** Changes whenever the part does. */
  readonly version: string;
}

/** Where monitors keep their state: a text for each, its part, under the monitor's name. Knows nothing of what is in it. */
export abstract class StateStore {
  abstract list(): Promise<readonly StoredPart[]>;

  /** Nothing when there is no such part. */
  abstract load(name: string): Promise<string | undefined>;

  /**
   * Puts the text in the place of the part that may be there; gives the version that it then has. A reader sees the old or the new one,
   * whole, whatever happens.
   */
  abstract save(name: string, text: string): Promise<string>;

  /** Puts a part that cannot be read out of the way, for people to look at; gives the place where it then is. */
  abstract setAside(name: string): Promise<string>;
}

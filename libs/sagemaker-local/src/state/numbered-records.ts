/**
 * Records 1, 2, 3, ... of a folder: each is written once and whole, and never changed. Several processes may add at once, none can
 * overwrite what another wrote, and there is no gap: that makes them versions, and histories in which the last entry counts.
 */
import { StateFolder } from './state-folder';

export interface NumberedRecord<T> {
  readonly number: number;
  readonly record: T;
}

const FILE = /^([1-9]\d*)\.json$/;

export class NumberedRecords<T extends object> {
  readonly #folder: readonly string[];

  constructor(
    private readonly state: StateFolder,
    ...folder: readonly string[]
  ) {
    this.#folder = folder;
  }

  /** Ascending. */
  async numbers(): Promise<number[]> {
    const names = await this.state.list(...this.#folder);
    return names
      .map((name) => Number(FILE.exec(name)?.[1]))
      .filter((number) => !Number.isNaN(number))
      .sort((a, b) => a - b);
  }

  read(number: number): Promise<T | undefined> {
    return this.state.read<T>(...this.#folder, `${number}.json`);
  }

  async all(): Promise<NumberedRecord<T>[]> {
    const records = await Promise.all(
      (await this.numbers()).map(async (number) => {
        const record = await this.read(number);
        return record === undefined ? [] : [{ number, record }];
      }),
    );
    return records.flat();
  }

  /** Takes a number unless somebody has it: false then. */
  create(number: number, record: T): Promise<boolean> {
    return this.state.create(record, ...this.#folder, `${number}.json`);
  }

  /**
   * Takes the next number and gives it. `make` is asked once the number before is taken, so that times in records are in the order of
   * the numbers. With `isSame`, nothing is added when a record is the same already, however many try at once: then its number is given.
   */
  async append(make: () => T, isSame: (earlier: T) => boolean = () => false): Promise<number> {
    let seen = 0;
    for (;;) {
      for (const number of await this.numbers()) {
        if (number <= seen) continue;
        const earlier = await this.read(number);
        if (earlier !== undefined && isSame(earlier)) return number;
        seen = number;
      }
      if (await this.create(seen + 1, make())) return seen + 1;
    }
  }
}

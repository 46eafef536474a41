/** What is wrong with a field, as a sentence that begins with the field's path: `labels[3].name.en must be a text`. */
export class ManifestFault extends Error {}

interface NumberRange {
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
}

/** A JSON object that is read field by field; each reader throws a `ManifestFault` that names the field. */
export class JsonObject {
  private constructor(
    readonly members: Readonly<Record<string, unknown>>,
    private readonly path: string,
  ) {}

  /** Throws a `SyntaxError` for what is not JSON. */
  static parse(text: string): JsonObject {
    return JsonObject.of(JSON.parse(text), '');
  }

  private static of(value: unknown, path: string): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ManifestFault(`${path || 'it'} must be an object`);
    }
    return new JsonObject({ ...value }, path);
  }

  fault(name: string, problem: string): ManifestFault {
    return new ManifestFault(`${this.pathOf(name)} ${problem}`);
  }

  /** `{ [name]: read() }` where the field is present, nothing where it is not. */
  optional<N extends string, T>(name: N, read: () => T): { readonly [K in N]?: T } {
    if (this.members[name] === undefined) return {};
    return { [name]: read() } as { [K in N]: T }; // a computed key loses its name in TypeScript
  }

  object(name: string): JsonObject {
    return JsonObject.of(this.members[name], this.pathOf(name));
  }

  objects(name: string): JsonObject[] {
    return this.array(name).map((item, index) => JsonObject.of(item, `${this.pathOf(name)}[${index}]`));
  }

  text(name: string, pattern = /\S/, form = 'a text'): string {
    const value = this.members[name];
    if (typeof value !== 'string' || !pattern.test(value)) throw this.fault(name, `must be ${form}`);
    return value;
  }

  number(name: string, range: NumberRange): number {
    return this.numberIn(name, this.members[name], range);
  }

  /** `count` of them, when it matters. */
  numbers(name: string, count?: number): number[] {
    const values = this.array(name);
    if (count !== undefined && values.length !== count) throw this.fault(name, `must be ${count} numbers`);
    return values.map((value) => this.numberIn(name, value, {}));
  }

  /** As many rows and columns as `side`. */
  matrix(name: string, side: number, range: NumberRange): number[][] {
    const rows = this.array(name);
    const isWhole = rows.length === side && rows.every((row) => Array.isArray(row) && row.length === side);
    if (!isWhole) throw this.fault(name, `must have ${side} rows of ${side} numbers`);
    return rows.map((row) => (row as readonly unknown[]).map((value) => this.numberIn(name, value, range)));
  }

  /** All of its fields. */
  numberMembers(range: NumberRange): Record<string, number> {
    return Object.fromEntries(Object.keys(this.members).map((name) => [name, this.number(name, range)]));
  }

  triple(name: string, range: NumberRange): [number, number, number] {
    const [red, green, blue, ...more] = this.array(name).map((value) => this.numberIn(name, value, range));
    if (red === undefined || green === undefined || blue === undefined || more.length > 0) {
      throw this.fault(name, 'must be three numbers, for red, green and blue');
    }
    return [red, green, blue];
  }

  oneOf<T extends string | number>(name: string, values: readonly T[]): T {
    const found = values.find((value) => value === this.members[name]);
    if (found === undefined) throw this.fault(name, `must be ${values.join(' or ')}`);
    return found;
  }

  private array(name: string): readonly unknown[] {
    const value: unknown = this.members[name];
    if (!Array.isArray(value)) throw this.fault(name, 'must be an array');
    return value;
  }

  private numberIn(
    name: string,
    value: unknown,
    { integer, min = -Infinity, max = Infinity, above }: NumberRange,
  ): number {
    if (typeof value !== 'number' || (integer === true && !Number.isInteger(value))) {
      throw this.fault(name, integer === true ? 'must be a whole number' : 'must be a number');
    }
    if (above !== undefined && value <= above) throw this.fault(name, `must be greater than ${above}, not ${value}`);
    if (value < min || value > max) throw this.fault(name, `must be between ${min} and ${max}, not ${value}`);
    return value;
  }

  private pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

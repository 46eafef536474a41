// Whether a value is what the AWS SDK calls a shape: member names to the letter, required members, kinds of values, at any depth.
// Reads the schemas that an SDK client exports (`CreateEndpointInput$`), so it knows every operation and never falls behind.
// The schemas tell neither the values of an enum nor ranges, patterns and lengths: those are not checked.
import type { CreateEndpoint$, CreateEndpointInput$ } from '@aws-sdk/client-sagemaker';

/** Of the input of an operation, its output, or what they hold: as `@aws-sdk/client-*` export it, under a name that ends with `$`. */
export type ShapeSchema = (typeof CreateEndpointInput$)[5][number];
/** Of an operation: `CreateEndpoint$`. */
export type OperationSchema = typeof CreateEndpoint$;

export interface ShapeOptions {
  /** Says which values stand for one that is not known yet, whatever its kind: `{ Get: ... }` in a pipeline definition. */
  readonly isPlaceholder?: (value: unknown) => boolean;
}

// The first element of a schema that is a tuple: @smithy/types, static-schemas.
const SIMPLE = 0;
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const ERROR = -3;

// Schemas that are numbers: @smithy/types, sentinels.
const LIST_BIT = 0b0100_0000;
const MAP_BIT = 0b1000_0000;
const STRING = 0;
const NUMBER = 1;
const BOOLEAN = 2;
const TIMESTAMPS: readonly number[] = [4, 5, 6, 7];
const DOCUMENT = 15;
const BLOBS: readonly number[] = [21, 42];

/** 1 January 5138 in seconds, and in March 1973 in milliseconds: what is greater was not meant as seconds. */
const MOST_SECONDS = 100_000_000_000;

/**
 * What is wrong with a value, a sentence each that begins with the place (`Containers[0].Image`); empty when it fits. A member that is
 * undefined counts as absent. Times are a `Date`, as the SDK gives them, or a number of seconds, as they are on the wire.
 */
export function shapeFaults(schema: ShapeSchema, value: unknown, options: ShapeOptions = {}): string[] {
  return [...faultsOf(schema, value, '', options)];
}

export function inputFaults(operation: OperationSchema, input: unknown, options?: ShapeOptions): string[] {
  return shapeFaults(operation[4], input, options);
}

export function outputFaults(operation: OperationSchema, output: unknown, options?: ShapeOptions): string[] {
  return shapeFaults(operation[5], output, options);
}

function* faultsOf(schema: unknown, value: unknown, place: string, options: ShapeOptions): Generator<string> {
  if (options.isPlaceholder?.(value) === true) return;
  const target = targetOf(schema);
  if (target === 'unit') {
    yield* membersOf([3, '', 'an empty structure', 0, [], []], value, place, options);
  } else if (typeof target === 'number') {
    if ((target & LIST_BIT) !== 0) yield* itemsOf(target ^ LIST_BIT, value, place, options);
    else if ((target & MAP_BIT) !== 0) yield* entriesOf(target ^ MAP_BIT, value, place, options);
    else yield* primitiveOf(target, value, place);
  } else if (Array.isArray(target)) {
    const kind: unknown = target[0];
    if (kind === SIMPLE) yield* faultsOf(target[4], value, place, options);
    else if (kind === LIST) yield* itemsOf(target[4], value, place, options);
    else if (kind === MAP) yield* entriesOf(target[5], value, place, options);
    else if (kind === STRUCTURE || kind === UNION || kind === ERROR) yield* membersOf(target, value, place, options);
    else throw new TypeError(`a schema of kind ${String(kind)} is not known here`);
  } else {
    throw new TypeError(`${String(target)} is not a schema`);
  }
}

/** Schemas may be wrapped: in a function, because they may need one another, and in a pair with traits of the member. */
function targetOf(schema: unknown): unknown {
  if (typeof schema === 'function') return targetOf((schema as () => unknown)()); // the only functions among schemas
  return Array.isArray(schema) && schema.length === 2 ? targetOf(schema[0]) : schema;
}

function* membersOf(
  schema: readonly unknown[],
  value: unknown,
  place: string,
  options: ShapeOptions,
): Generator<string> {
  // The layout of a structure's tuple, @smithy/types, static-schemas.
  const [kind, , name, , names, members, requiredCount = 0] = schema as [
    number,
    string,
    string,
    unknown,
    readonly string[],
    readonly unknown[],
    number?,
  ];
  if (!isObject(value)) {
    yield `${nameOf(place)} should be ${name}, not ${kindOf(value)}`;
    return;
  }
  const present = Object.keys(value).filter((key) => value[key] !== undefined);
  for (const required of names.slice(0, requiredCount)) {
    if (!present.includes(required)) yield `${join(place, required)} is missing: ${name} requires it`;
  }
  if (kind === UNION && present.length !== 1) {
    yield `${nameOf(place)} should have one of the members of ${name}, not ${present.length}`;
  }
  for (const member of present) {
    const index = names.indexOf(member);
    if (index === -1) yield `${join(place, member)} is not a member of ${name}`;
    else yield* faultsOf(members[index], value[member], join(place, member), options);
  }
}

function* itemsOf(schema: unknown, value: unknown, place: string, options: ShapeOptions): Generator<string> {
  if (!Array.isArray(value)) yield `${nameOf(place)} should be a list, not ${kindOf(value)}`;
  else for (const [index, item] of value.entries()) yield* faultsOf(schema, item, `${place}[${index}]`, options);
}

function* entriesOf(schema: unknown, value: unknown, place: string, options: ShapeOptions): Generator<string> {
  if (!isObject(value)) {
    yield `${nameOf(place)} should be a map, not ${kindOf(value)}`;
    return;
  }
  for (const [key, entry] of Object.entries(value)) yield* faultsOf(schema, entry, `${place}['${key}']`, options);
}

function* primitiveOf(schema: number, value: unknown, place: string): Generator<string> {
  const expect = (fits: boolean, what: string): string[] =>
    fits ? [] : [`${nameOf(place)} should be ${what}, not ${kindOf(value)}`];
  if (schema === STRING) yield* expect(typeof value === 'string', 'a string');
  else if (schema === NUMBER) yield* expect(typeof value === 'number' && Number.isFinite(value), 'a number');
  else if (schema === BOOLEAN) yield* expect(typeof value === 'boolean', 'a boolean');
  else if (BLOBS.includes(schema)) yield* expect(typeof value === 'string' || value instanceof Uint8Array, 'bytes');
  else if (TIMESTAMPS.includes(schema)) yield* expect(isTime(value), 'a time in seconds');
  else if (schema !== DOCUMENT) throw new TypeError(`schema ${schema} of ${nameOf(place)} is not known here`);
}

function isTime(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return typeof value === 'number' && Math.abs(value) < MOST_SECONDS;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function join(place: string, member: string): string {
  return place === '' ? member : `${place}.${member}`;
}

function nameOf(place: string): string {
  return place === '' ? 'the value' : place;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (value instanceof Date) return 'a Date';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/**
 * What stands in a pipeline definition for a value that is known later: `Get`, `Std:Join`, `Std:JsonGet`. Finds and resolves
 * them; where the values come from is a `ValueSource`'s business.
 */
import { isList, isObject, JsonObject, JsonValue } from './json';

export type Reference =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'execution'; readonly name: string }
  /** `path` begins with a dot or a bracket. */
  | { readonly kind: 'step'; readonly step: string; readonly path: string }
  | { readonly kind: 'property-file'; readonly step: string; readonly file: string; readonly path: string };

export interface ValueSource {
  parameter(name: string): JsonValue;
  execution(name: string): JsonValue;
  /** What the job of a finished step is described by. */
  properties(step: string): Promise<JsonValue>;
  propertyFile(step: string, file: string): Promise<JsonValue>;
}

/** A reference that cannot be read, or leads nowhere. */
export class BadReferenceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadReferenceError';
  }
}

/** All references within a value. Throws a `BadReferenceError` for one that cannot be read. */
export function findReferences(value: JsonValue | undefined): Reference[] {
  if (isList(value)) return value.flatMap(findReferences);
  if (!isObject(value)) return [];
  const expression = expressionIn(value);
  switch (expression?.kind) {
    case 'get':
      return [expression.reference];
    case 'join':
      return expression.values.flatMap(findReferences);
    default:
      return Object.values(value).flatMap(findReferences);
  }
}

/** The value with everything in it resolved. Throws a `BadReferenceError` for what leads nowhere. */
export async function resolveValue(value: JsonValue, source: ValueSource): Promise<JsonValue> {
  if (isList(value)) return Promise.all(value.map((each) => resolveValue(each, source)));
  if (!isObject(value)) return value;
  const expression = expressionIn(value);
  switch (expression?.kind) {
    case 'get':
      return follow(expression.reference, source);
    case 'join': {
      const values = await Promise.all(expression.values.map((each) => resolveValue(each, source)));
      return values.map(textOf).join(expression.on);
    }
    default:
      return resolveMembers(value, source);
  }
}

export async function resolveMembers(value: JsonObject, source: ValueSource): Promise<JsonObject> {
  const members = Object.entries(value).map(async ([name, each]) => [name, await resolveValue(each ?? null, source)]);
  return Object.fromEntries(await Promise.all(members)) as JsonObject; // pairs of name and JSON value
}

/** SageMaker finds an element of these lists by its name: `Outputs['evaluation']`. */
const NAMES_OF_ELEMENTS = ['OutputName', 'InputName', 'ChannelName', 'MetricName'];

/** What a path such as `.Outputs['evaluation'].S3Output.S3Uri` leads to. Throws a `BadReferenceError` when that is nothing. */
export function lookUp(value: JsonValue, path: string): JsonValue {
  let found: JsonValue | undefined = value;
  for (const key of keysOf(path)) {
    if (isList(found)) {
      found =
        typeof key === 'number'
          ? found[key]
          : found.find((each) => isObject(each) && NAMES_OF_ELEMENTS.some((name) => each[name] === key));
    } else {
      found = isObject(found) ? found[key] : undefined;
    }
    if (found === undefined) throw new BadReferenceError(`"${path.replace(/^\./, '')}" leads to nothing`);
  }
  return found;
}

type Expression =
  | { readonly kind: 'get'; readonly reference: Reference }
  | { readonly kind: 'join'; readonly on: string; readonly values: readonly JsonValue[] };

function expressionIn(value: JsonObject): Expression | undefined {
  const names = Object.keys(value);
  const [name] = names;
  if (names.length !== 1 || name === undefined) return undefined;
  const content = value[name];
  switch (name) {
    case 'Get':
      return { kind: 'get', reference: parseGet(content) };
    case 'Std:JsonGet':
      return { kind: 'get', reference: parseJsonGet(content) };
    case 'Std:Join': {
      const { On: on = '', Values: values } = isObject(content) ? content : {};
      if (typeof on !== 'string' || !isList(values)) {
        throw new BadReferenceError('"Std:Join" wants a text "On" and a list "Values"');
      }
      return { kind: 'join', on, values };
    }
    default:
      if (name.startsWith('Std:')) throw new BadReferenceError(`"${name}" is not known here`);
      return undefined;
  }
}

function parseGet(text: JsonValue | undefined): Reference {
  const [, parameter, variable, step, path] =
    /^(?:Parameters\.([^.[]+)|Execution\.([^.[]+)|Steps\.([^.[]+)([.[].+))$/.exec(
      typeof text === 'string' ? text : '',
    ) ?? [];
  if (parameter !== undefined) return { kind: 'parameter', name: parameter };
  if (variable !== undefined) return { kind: 'execution', name: variable };
  if (step !== undefined && path !== undefined) {
    keysOf(path);
    return { kind: 'step', step, path };
  }
  throw new BadReferenceError(
    `"Get" wants "Parameters.<name>", "Execution.<name>" or "Steps.<step>.<path>", not ${JSON.stringify(text)}`,
  );
}

function parseJsonGet(content: JsonValue | undefined): Reference {
  const { PropertyFile: file, Path: path } = isObject(content) ? content : {};
  const [, step, name] =
    /^Steps\.([^.[]+)\.PropertyFiles\.(.+)$/.exec(
      isObject(file) && typeof file['Get'] === 'string' ? file['Get'] : '',
    ) ?? [];
  if (step === undefined || name === undefined || typeof path !== 'string') {
    throw new BadReferenceError(
      '"Std:JsonGet" wants a "PropertyFile" {"Get": "Steps.<step>.PropertyFiles.<name>"} and a "Path"',
    );
  }
  keysOf(path);
  return { kind: 'property-file', step, file: name, path };
}

async function follow(reference: Reference, source: ValueSource): Promise<JsonValue> {
  switch (reference.kind) {
    case 'parameter':
      return source.parameter(reference.name);
    case 'execution':
      return source.execution(reference.name);
    case 'step':
      return lookUpIn(`step ${reference.step}`, await source.properties(reference.step), reference.path);
    case 'property-file': {
      const { step, file, path } = reference;
      return lookUpIn(`property file ${file} of step ${step}`, await source.propertyFile(step, file), path);
    }
  }
}

function lookUpIn(what: string, value: JsonValue, path: string): JsonValue {
  try {
    return lookUp(value, path);
  } catch (error) {
    if (error instanceof BadReferenceError) throw new BadReferenceError(`${error.message} in ${what}`);
    throw error;
  }
}

/** `$.a['b'][0].c` -> a, b, 0, c */
function keysOf(path: string): (string | number)[] {
  const keys: (string | number)[] = [];
  let rest = path.replace(/^\$/, '').replace(/^(?=[^.[])/, '.');
  while (rest !== '') {
    const [all, name, number, quoted] = /^(?:\.([^.[\]]+)|\[(\d+)\]|\[['"]([^'"]+)['"]\])/.exec(rest) ?? [];
    if (all === undefined) throw new BadReferenceError(`"${path}" is not a path such as a.b['c'][0]`);
    keys.push(number === undefined ? (name ?? quoted ?? '') : Number(number));
    rest = rest.slice(all.length);
  }
  return keys;
}

function textOf(value: JsonValue): string {
  if (typeof value === 'object') throw new BadReferenceError('"Std:Join" joins texts, numbers and booleans only');
  return String(value);
}

/** Reads the members of an operation's input, which nobody has looked at yet; what is wrong is said in the words of the service. */
import { OperationInput, SageMakerFault } from './operation';

export interface Pattern {
  readonly expression: RegExp;
}

/** Of most resources: 1 to 63 letters, digits and dashes. */
export const NAME: Pattern = { expression: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/ };
/** Of pipelines: 1 to 256 of them. */
export const PIPELINE_NAME: Pattern = { expression: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/ };

export function optionalText(input: OperationInput, member: string, pattern?: Pattern): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrong(member, value, 'Member must be a string');
  if (pattern !== undefined && !pattern.expression.test(value)) {
    throw wrong(member, value, `Member must satisfy regular expression pattern: ${pattern.expression.source}`);
  }
  return value;
}

export function requiredText(input: OperationInput, member: string, pattern?: Pattern): string {
  return required(optionalText(input, member, pattern), member);
}

export function optionalChoice<T extends string>(
  input: OperationInput,
  member: string,
  choices: readonly T[],
): T | undefined {
  const value = optionalText(input, member);
  const choice = choices.find((each) => each === value);
  if (value === undefined || choice !== undefined) return choice;
  throw wrong(member, value, `Member must satisfy enum value set: [${choices.join(', ')}]`);
}

export function optionalInteger(input: OperationInput, member: string, min: number, max: number): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(member, value, 'Member must be an integer');
  if (value < min) throw wrong(member, value, `Member must have value greater than or equal to ${min}`);
  if (value > max) throw wrong(member, value, `Member must have value less than or equal to ${max}`);
  return value;
}

/** Seconds since 1970, as times are on the wire. */
export function optionalTime(input: OperationInput, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  const seconds = value instanceof Date ? value.getTime() / 1000 : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    throw wrong(member, value, 'Member must be a timestamp');
  return seconds;
}

export function optionalObject(input: OperationInput, member: string): OperationInput | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrong(member, value, 'Member must be a structure');
  return value;
}

export function requiredObject(input: OperationInput, member: string): OperationInput {
  return required(optionalObject(input, member), member);
}

export function optionalList<T>(
  input: OperationInput,
  member: string,
  isItem: (item: unknown) => item is T,
): readonly T[] | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every(isItem))
    throw wrong(member, value, 'Member must be a list of the right items');
  return value;
}

export function requiredList<T>(
  input: OperationInput,
  member: string,
  isItem: (item: unknown) => item is T,
): readonly T[] {
  return required(optionalList(input, member, isItem), member);
}

/** Such as `Environment`. */
export function optionalTextMap(input: OperationInput, member: string): Readonly<Record<string, string>> | undefined {
  const value = optionalObject(input, member);
  if (value === undefined) return undefined;
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== 'string') throw wrong(`${member}.${key}`, text, 'Member must be a string');
    return [key, text];
  });
  return Object.fromEntries(entries);
}

/** The named members, as far as they are there, to be kept as they are. */
export function membersOf(input: OperationInput, names: readonly string[]): OperationInput {
  return Object.fromEntries(names.filter((name) => input[name] != null).map((name) => [name, input[name]]));
}

export function isObject(value: unknown): value is OperationInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) throw wrong(member, null, 'Member must not be null');
  return value;
}

function wrong(member: string, value: unknown, constraint: string): SageMakerFault {
  const shown = value === null || value === undefined ? 'Value null' : isText(value) ? `Value '${value}'` : 'Value';
  const place = `${member.slice(0, 1).toLowerCase()}${member.slice(1)}`;
  return new SageMakerFault(
    'ValidationException',
    `1 validation error detected: ${shown} at '${place}' failed to satisfy constraint: ${constraint}`,
  );
}

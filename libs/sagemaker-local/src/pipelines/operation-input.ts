/** Reads members of an operation's input, which nobody has checked; a wrong one is refused in AWS's words. */
import { OperationInput, SageMakerFault } from '../control-plane/operation';

export const ENTITY_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/;

export function invalid(message: string): SageMakerFault {
  return new SageMakerFault('ValidationException', message);
}

export function optionalText(input: OperationInput, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`1 validation error detected: ${nameOf(member)} must be a text`);
  return value;
}

export function requiredText(input: OperationInput, member: string): string {
  const value = optionalText(input, member);
  if (value === undefined || value === '') {
    throw constraint('null', member, 'Member must not be null');
  }
  return value;
}

export function requiredName(input: OperationInput, member: string): string {
  const name = requiredText(input, member);
  if (!ENTITY_NAME.test(name)) {
    throw constraint(name, member, `Member must satisfy regular expression pattern: ${ENTITY_NAME.source}`);
  }
  return name;
}

function optionalNumber(input: OperationInput, member: string): number | undefined {
  const value = input[member];
  return typeof value === 'number' ? value : undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** To be left out of the answer when it is undefined. */
  readonly next: { readonly NextToken?: string };
}

const MAX_RESULTS = 100;
/** As many as the service gives when it is not told. */
const DEFAULT_RESULTS = 10;

/** `items` in descending order of `time`, which is SageMaker's default too, filtered and cut as a List operation was asked to. */
export function pageOf<T>(input: OperationInput, items: readonly T[], time: (item: T) => number): Page<T> {
  const after = optionalNumber(input, 'CreatedAfter') ?? -Infinity;
  const before = optionalNumber(input, 'CreatedBefore') ?? Infinity;
  const sign = input['SortOrder'] === 'Ascending' ? 1 : -1;
  const sorted = items
    .filter((item) => time(item) > after && time(item) < before)
    .sort((a, b) => sign * (time(a) - time(b)));
  return cut(input, sorted);
}

/** A token is the number of items before the page. */
export function cut<T>(input: OperationInput, items: readonly T[]): Page<T> {
  const size = optionalNumber(input, 'MaxResults') ?? DEFAULT_RESULTS;
  if (!Number.isInteger(size) || size < 1 || size > MAX_RESULTS) {
    throw constraint(String(size), 'MaxResults', `Member must be between 1 and ${MAX_RESULTS}`);
  }
  const start = Number(optionalText(input, 'NextToken') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalid('The NextToken is not one that was given.');
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: String(end) } : {} };
}

function constraint(value: string, member: string, sentence: string): SageMakerFault {
  return invalid(
    `1 validation error detected: Value '${value}' at '${nameOf(member)}' failed to satisfy constraint: ${sentence}`,
  );
}

function nameOf(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}

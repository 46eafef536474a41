/** What all List operations have in common: filters, order and pages. */
import { optionalChoice, optionalInteger, optionalText, optionalTime } from './input-members';
import { OperationInput, SageMakerFault } from './operation';

/** As many as the service gives when it is not told. */
const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

export interface Listing<T> {
  readonly nameOf: (item: T) => string;
  /** In seconds. */
  readonly createdOf: (item: T) => number;
  readonly defaultOrder: 'Ascending' | 'Descending';
}

export interface Page<T> {
  readonly items: readonly T[];
  /** To be spread into the answer; absent on the last page. */
  readonly rest: { readonly NextToken?: string };
}

/** `items` in the order in which they were made; those that were made in the same moment stay in it. */
export function pageOf<T>(
  items: readonly T[],
  input: OperationInput,
  { nameOf, createdOf, ...how }: Listing<T>,
): Page<T> {
  const size = optionalInteger(input, 'MaxResults', 1, MAX_PAGE_SIZE) ?? DEFAULT_PAGE_SIZE;
  const part = optionalText(input, 'NameContains') ?? '';
  const after = optionalTime(input, 'CreationTimeAfter') ?? -Infinity;
  const before = optionalTime(input, 'CreationTimeBefore') ?? Infinity;
  const sortBy = optionalChoice(input, 'SortBy', ['Name', 'CreationTime', 'Status']) ?? 'CreationTime';
  const order = optionalChoice(input, 'SortOrder', ['Ascending', 'Descending']) ?? how.defaultOrder;

  const wanted = items.filter(
    (item) => nameOf(item).includes(part) && createdOf(item) > after && createdOf(item) < before,
  );
  const sorted = [...wanted].sort((a, b) =>
    sortBy === 'Name' ? compare(nameOf(a), nameOf(b)) : compare(createdOf(a), createdOf(b)),
  );
  if (order === 'Descending') sorted.reverse();

  const start = startOf(sorted.map(nameOf), optionalText(input, 'NextToken'));
  const page = sorted.slice(start, start + size);
  const last = page.at(-1);
  const isLastPage = last === undefined || start + size >= sorted.length;
  return { items: page, rest: isLastPage ? {} : { NextToken: Buffer.from(nameOf(last)).toString('base64url') } };
}

/** A token names the last item of the page before, so that what is added meanwhile moves no page. */
function startOf(names: readonly string[], token: string | undefined): number {
  if (token === undefined) return 0;
  const index = names.indexOf(Buffer.from(token, 'base64url').toString('utf8'));
  if (index === -1) throw new SageMakerFault('ValidationException', 'Invalid pagination token.');
  return index + 1;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

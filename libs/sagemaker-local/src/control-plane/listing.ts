/** What all List operations have in common: filters, order and pages. */
import { optionalChoice, optionalInteger, optionalText, optionalTime } from './input-members';
import { OperationInput, SageMakerFault } from './operation';

/** As many as the service gives when it is not told. */
const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;
/** What executions are called is their ARN. */
const NAME_KEYS: readonly string[] = ['Name', 'PipelineExecutionArn'];
const SORT_KEYS = [...NAME_KEYS, 'CreationTime', 'Status'];

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
  const part = optionalText(input, 'NameContains') ?? '';
  // The operations on pipelines have the shorter names.
  const after = optionalTime(input, 'CreationTimeAfter') ?? optionalTime(input, 'CreatedAfter') ?? -Infinity;
  const before = optionalTime(input, 'CreationTimeBefore') ?? optionalTime(input, 'CreatedBefore') ?? Infinity;
  const sortBy = optionalChoice(input, 'SortBy', SORT_KEYS) ?? 'CreationTime';
  const order = optionalChoice(input, 'SortOrder', ['Ascending', 'Descending']) ?? how.defaultOrder;

  const wanted = items.filter(
    (item) => nameOf(item).includes(part) && createdOf(item) > after && createdOf(item) < before,
  );
  const sorted = [...wanted].sort((a, b) =>
    NAME_KEYS.includes(sortBy) ? compare(nameOf(a), nameOf(b)) : compare(createdOf(a), createdOf(b)),
  );
  if (order === 'Descending') sorted.reverse();
  return pageInOrder(sorted, input, nameOf);
}

/** The same of `items` as they are, where a List operation has neither filter nor order. */
export function pageInOrder<T>(items: readonly T[], input: OperationInput, nameOf: (item: T) => string): Page<T> {
  const size = optionalInteger(input, 'MaxResults', 1, MAX_PAGE_SIZE) ?? DEFAULT_PAGE_SIZE;
  const start = startOf(items.map(nameOf), optionalText(input, 'NextToken'));
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  const isLastPage = last === undefined || start + size >= items.length;
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

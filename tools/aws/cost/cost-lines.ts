// Monthly costs as a person reads them. Pure.
import { table } from '../../../apps/pipeline/src/output/table';
import { CostLine, total } from './monthly-costs';
import { PRICE_TABLE } from './prices';

export function money(usd: number): string {
  return usd.toFixed(2);
}

/** The resources of a stage, those that are alike in one line, with a sum for each area and for all. */
export function costTable(lines: readonly CostLine[]): string[] {
  const rows = [...new Set(lines.map(({ area }) => area))].flatMap((area) => {
    const own = lines.filter((line) => line.area === area);
    return [[area, '', money(total(own))], ...alike(own).map(([name, what, usd]) => [`  ${name}`, what, usd])];
  });
  return table(
    [{ title: 'resource' }, { title: 'what' }, { title: `${PRICE_TABLE.currency} a month`, align: 'right' }],
    [...rows, ['total', '', money(total(lines))]],
  );
}

/** Thirty alarms are one line. */
function alike(lines: readonly CostLine[]): [name: string, what: string, usd: string][] {
  const groups = new Map<string, CostLine[]>();
  for (const line of lines) {
    const key =
      line.usd === undefined || line.usd >= 1 ? `${line.resource} ${line.what}` : (line.what.split(' over ')[0] ?? '');
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    const usd = group.some((line) => line.usd === undefined) ? 'no price' : money(total(group));
    if (first === undefined || group.length === 1) return [first?.resource ?? '', first?.what ?? '', usd];
    const what = first.what.split(' over ')[0] ?? '';
    // Of what is paid for by use, the price is said, which has no plural.
    return [`${group.length} alike`, first.usd === 0 ? what : `${what}s`, usd];
  });
}

/** `87.12 USD a month (now 52.10 USD, +35.02 USD)` */
export function costSentence(after: readonly CostLine[], before: readonly CostLine[]): string {
  const [now, then] = [total(before), total(after)];
  const sum = `${money(then)} ${PRICE_TABLE.currency} a month while nothing happens`;
  if (before.length === 0) return sum;
  if (money(now) === money(then)) return `${sum}, as now`;
  return `${sum} (now ${money(now)}, ${then > now ? '+' : ''}${money(then - now)})`;
}

export const PRICES_OF = `on-demand prices of ${PRICE_TABLE.region}, ${PRICE_TABLE.date}`;

/** What the sums leave out. */
export const NOT_COUNTED =
  'Not counted: requests and traffic, what logs, images and objects take up, custom metrics, builds and training while they run, taxes.';

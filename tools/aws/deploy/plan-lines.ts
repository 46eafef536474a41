// What a deployment will change, as a person reads it. Pure.
import { count } from '../../../apps/pipeline/src/output/figures';
import { Colour } from '../terminal/screen';
import { Refusal } from '../stacks/guard';
import { ChangedProperty, ChangeKind, PlannedChange } from '../stacks/planned-change';
import { StackPlan } from '../stacks/stack-plan';
import { serviceInWords, typeInWords } from '../stacks/words';

export interface PlanLine {
  readonly text: string;
  readonly colour?: Colour;
  /** Of what goes on below, where the line is too long for a terminal. */
  readonly indent?: number;
}

const AREA_WIDTH = 'observability'.length;

export function planLines(plans: readonly StackPlan[]): PlanLine[] {
  return plans.flatMap((plan) => {
    const head = `${plan.area.padEnd(AREA_WIDTH)}  ${headOf(plan)}`;
    return [
      { text: head, indent: AREA_WIDTH + 2 },
      ...(plan.action === 'update' ? [...plan.changes].sort(byGravity).map(changeLine) : []),
    ];
  });
}

function headOf({ action, changes, remains, isLater }: StackPlan): string {
  if (action === 'none') return 'as it is';
  if (isLater) return 'changes, which show when the stacks before it are done';
  if (action === 'update') return changes.length === 0 ? 'tags and outputs only' : count(changes.length, 'change');
  const first = remains === undefined ? 'new' : `made anew (an earlier attempt left ${remains})`;
  return `${first}, ${count(changes.length, 'resource')}: ${byService(changes)}`;
}

/** `EC2 27, SSM 11` */
function byService(changes: readonly PlannedChange[]): string {
  const services = new Map<string, number>();
  for (const { type } of changes) services.set(serviceInWords(type), (services.get(serviceInWords(type)) ?? 0) + 1);
  const most = [...services].sort(([, one], [, other]) => other - one);
  return most.map(([service, number]) => `${service} ${number}`).join(', ');
}

interface KindInWords {
  readonly sign: string;
  readonly word: string;
  readonly colour?: Colour;
}

/** In the order in which a reader wants to know. */
const KINDS: Readonly<Record<ChangeKind, KindInWords>> = {
  replace: { sign: '!!', word: 'REPLACED', colour: 'red' },
  remove: { sign: '-', word: 'REMOVED', colour: 'red' },
  'may-replace': { sign: '!', word: 'may be REPLACED', colour: 'yellow' },
  change: { sign: '~', word: 'changed' },
  add: { sign: '+', word: 'new', colour: 'green' },
};
const GRAVITY = Object.keys(KINDS);

function byGravity(one: PlannedChange, other: PlannedChange): number {
  return GRAVITY.indexOf(one.kind) - GRAVITY.indexOf(other.kind);
}

export function changeLine({ kind, logicalId, type, properties, isRetained }: PlannedChange): PlanLine {
  const { sign, word, colour } = KINDS[kind];
  const fate = kind === 'remove' && isRetained ? 'leaves the stack, and stays in the account' : word;
  const what = properties.map(propertyInWords).join(', ');
  const text = `  ${sign.padStart(2)} ${logicalId} (${typeInWords(type)}) ${fate}${what === '' ? '' : `: ${what}`}`;
  return { text, indent: 5, ...(colour === undefined ? {} : { colour }) };
}

/** Longer values are told by their names. */
const SHORT = 40;

function propertyInWords({ name, before, after }: ChangedProperty): string {
  const values = [before, after].filter((value) => value !== undefined);
  const areShort = values.every((value) => value.length <= SHORT);
  return before !== undefined && after !== undefined && areShort ? `${name} ${before} -> ${after}` : name;
}

export function refusalText(refusals: readonly Refusal[]): string {
  const lines = refusals.map(
    ({ change, reason }) =>
      `  ${change.logicalId} (${typeInWords(change.type)}) would be ${KINDS[change.kind].word}: ${reason}.`,
  );
  const allow = refusals.map(({ change }) => `--allow ${change.logicalId}`).join(' ');
  return (
    `Nothing is changed, because this could lose data or turn live requests away:\n${lines.join('\n')}\n` +
    `If that is what you want, say it by name: ${allow}`
  );
}

/** The conditions of a Condition step, after everything in them was resolved. */
import { isList, isObject, JsonValue, textMember } from './json';

const COMPARISONS: Readonly<Record<string, (left: JsonValue, right: JsonValue) => boolean>> = {
  Equals: (left, right) => left === right,
  NotEquals: (left, right) => left !== right,
  GreaterThan: (left, right) => ordered(left, right) > 0,
  GreaterThanOrEqualTo: (left, right) => ordered(left, right) >= 0,
  LessThan: (left, right) => ordered(left, right) < 0,
  LessThanOrEqualTo: (left, right) => ordered(left, right) <= 0,
};

/** What is wrong with the shape of a condition; the values in it may still be references. */
export function conditionFaults(condition: JsonValue | undefined): string[] {
  if (!isObject(condition)) return ['a condition is an object'];
  const { Type: type } = condition;
  if (typeof type !== 'string') return ['a condition has a "Type"'];
  if (type in COMPARISONS) {
    return ['LeftValue', 'RightValue']
      .filter((name) => condition[name] === undefined)
      .map((name) => `${type} has no ${name}`);
  }
  switch (type) {
    case 'In':
      return condition['QueryValue'] === undefined || !isList(condition['Values'])
        ? ['In has a QueryValue and a list of Values']
        : [];
    case 'Not':
      return conditionFaults(condition['Expression']);
    case 'Or':
      return isList(condition['Conditions'])
        ? condition['Conditions'].flatMap(conditionFaults)
        : ['Or has a list of Conditions'];
    default:
      return [
        `the condition type "${type}" is not known; ${[...Object.keys(COMPARISONS), 'In', 'Not', 'Or'].join(', ')} are`,
      ];
  }
}

/** Whether all conditions of a step hold. Throws a `TypeError` for values that cannot be compared. */
export function allHold(conditions: readonly JsonValue[]): boolean {
  return conditions.every(holds);
}

function holds(condition: JsonValue): boolean {
  if (!isObject(condition)) throw new TypeError('A condition is an object.');
  const { LeftValue: left = null, RightValue: right = null } = condition;
  const compare = COMPARISONS[textMember(condition, 'Type') ?? ''];
  if (compare !== undefined) {
    if (typeof left !== typeof right) throw incomparable(left, right);
    return compare(left, right);
  }
  switch (condition['Type']) {
    case 'In':
      return isList(condition['Values']) && condition['Values'].includes(condition['QueryValue'] ?? null);
    case 'Not':
      return !holds(condition['Expression'] ?? null);
    case 'Or':
      return isList(condition['Conditions']) && condition['Conditions'].some(holds);
    default:
      throw new TypeError(`The condition type ${JSON.stringify(condition['Type'])} is not known.`);
  }
}

function ordered(left: JsonValue, right: JsonValue): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  throw incomparable(left, right);
}

function incomparable(left: JsonValue, right: JsonValue): TypeError {
  return new TypeError(`${JSON.stringify(left)} and ${JSON.stringify(right)} cannot be compared.`);
}

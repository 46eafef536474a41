import { allHold, conditionFaults } from './condition';
import { JsonValue } from './json';

function compare(Type: string, LeftValue: JsonValue, RightValue: JsonValue): JsonValue {
  return { Type, LeftValue, RightValue };
}

describe('a condition', () => {
  it.each<[JsonValue, boolean]>([
    [compare('Equals', 1, 1), true],
    [compare('Equals', 'a', 'b'), false],
    [compare('NotEquals', 'a', 'b'), true],
    [compare('GreaterThan', 0.8, 0.8), false],
    [compare('GreaterThanOrEqualTo', 0.8, 0.8), true],
    [compare('LessThan', 0.8, 0.8), false],
    [compare('LessThanOrEqualTo', -0.1, 0), true],
    [compare('LessThan', 'a', 'b'), true],
    [{ Type: 'In', QueryValue: 2, Values: [1, 2] }, true],
    [{ Type: 'In', QueryValue: '2', Values: [1, 2] }, false],
    [{ Type: 'Not', Expression: compare('Equals', 1, 1) }, false],
    [{ Type: 'Or', Conditions: [compare('Equals', 1, 2), compare('Equals', 1, 1)] }, true],
    [{ Type: 'Or', Conditions: [] }, false],
  ])('%j is %s', (condition, holds) => {
    expect(conditionFaults(condition)).toEqual([]);
    expect(allHold([condition])).toBe(holds);
  });

  it('holds together with all others only', () => {
    expect(allHold([compare('Equals', 1, 1), compare('Equals', 1, 2)])).toBe(false);
    expect(allHold([])).toBe(true);
  });

  it.each([
    [0.9, '0.8'],
    ['NaN', 0.8],
    [true, false],
    [null, 0.8],
  ])('does not guess what is greater of %j and %j', (left, right) => {
    expect(() => allHold([compare('GreaterThan', left, right)])).toThrow(/cannot be compared/);
  });

  it.each<[JsonValue | undefined, string]>([
    [undefined, 'a condition is an object'],
    [{}, 'a condition has a "Type"'],
    [{ Type: 'Equals', LeftValue: 1 }, 'Equals has no RightValue'],
    [{ Type: 'In', QueryValue: 1 }, 'In has a QueryValue and a list of Values'],
    [{ Type: 'Not', Expression: { Type: 'Or' } }, 'Or has a list of Conditions'],
    [{ Type: 'toString', LeftValue: 1, RightValue: 1 }, 'the condition type "toString" is not known'],
  ])('%j is refused', (condition, fault) => {
    expect(conditionFaults(condition)[0]).toContain(fault);
  });
});

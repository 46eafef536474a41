// The templates keep every rule, for both stages and for all that people may choose.
import { RULES } from './rules';
import { faultsOf } from './support/rule';
import { loadSystem } from './support/system';

describe('the templates', () => {
  const system = loadSystem();

  it.each([...RULES].map(([name, rule]) => [name, rule.says, rule] as const))('keep %s: %s', (_name, _says, rule) => {
    expect(faultsOf(rule, system)).toEqual([]);
  });
});

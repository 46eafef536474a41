import { readParameterDefinitions, readParameterValues } from './parameters';
import { JsonValue } from './json';

const declared: JsonValue = [
  { Name: 'Data', Type: 'String' },
  { Name: 'Epochs', Type: 'Integer', DefaultValue: 5 },
  { Name: 'Rate', Type: 'Float', DefaultValue: 0.1 },
  { Name: 'Flip', Type: 'Boolean', DefaultValue: false },
  { Name: 'Method', Type: 'String', DefaultValue: 'fit', EnumValues: ['fit', 'epochs'] },
];

function read(given: Record<string, unknown>, list = declared): { values: object; faults: string[] } {
  const faults: string[] = [];
  const definitions = readParameterDefinitions(list, faults);
  const values = readParameterValues(
    definitions,
    Object.entries(given).map(([Name, Value]) => ({ Name, Value })),
    faults,
  );
  return { values, faults };
}

describe('the parameters of an execution', () => {
  it('are those that were given, as what they were declared, and else the defaults', () => {
    expect(read({ Data: 's3://local/a', Epochs: '7', Rate: '1e-3', Flip: 'True' })).toEqual({
      values: { Data: 's3://local/a', Epochs: 7, Rate: 0.001, Flip: true, Method: 'fit' },
      faults: [],
    });
  });

  it('are refused with everything that is wrong', () => {
    expect(read({ Epochs: '1.5', Rate: 'Infinity', Flip: 'yes', Method: 'guess', Nonsense: '1' }).faults).toEqual([
      'parameter Epochs wants a whole number, not "1.5"',
      'parameter Rate wants a number, not "Infinity"',
      'parameter Flip wants true or false, not "yes"',
      'parameter Method must be one of fit, epochs, not "guess"',
      'the pipeline has no parameter "Nonsense"',
      'parameter Data has no default and was not given',
    ]);
    expect(read({ Data: 5 }).faults).toEqual(['parameter Data wants a text, not 5']);
  });

  it('are refused when they are declared wrongly', () => {
    const faults: string[] = [];
    readParameterDefinitions(
      [
        { Name: 'A', Type: 'Integer', DefaultValue: '5' },
        { Name: 'A', Type: 'String' },
        { Name: 'A', Type: 'String' },
        { Name: 'B', Type: 'Number' },
        { Name: 'C', Type: 'String', DefaultValue: 'x', EnumValues: ['y'] },
        { Type: 'String' },
      ],
      faults,
    );

    expect(faults).toEqual([
      'parameter A is declared with "5", which is no Integer',
      'parameter A is declared twice',
      'parameter A is declared twice',
      'parameter B has the type "Number"; String, Integer, Float, Boolean are possible',
      'parameter C has a default that is not among its EnumValues',
      'undefined is no name of a parameter',
    ]);
  });
});

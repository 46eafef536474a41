import { JsonValue } from './json';
import { BadReferenceError, findReferences, lookUp, resolveValue, ValueSource } from './reference';

const source: ValueSource = {
  parameter: (name) => ({ Epochs: 7, Rate: 0.5, Flip: true, Name: 'flowers' })[name] ?? null,
  execution: (name) => `the ${name}`,
  properties: (step) =>
    Promise.resolve({
      step,
      ModelArtifacts: { S3ModelArtifacts: 's3://local/model.tar.gz' },
      Outputs: [{ OutputName: 'evaluation', S3Output: { S3Uri: 's3://local/report' } }],
      FinalMetricDataList: [{ MetricName: 'val:acc', Value: 0.9 }],
    }),
  propertyFile: (_, file) => Promise.resolve({ file, metrics: [{ value: 0.97 }], 'a.b': 1 }),
};

describe('a reference', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['a parameter, with its type', { Get: 'Parameters.Epochs' }, 7],
    ['a variable of the execution', { Get: 'Execution.PipelineName' }, 'the PipelineName'],
    ['a property of a step', { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' }, 's3://local/model.tar.gz'],
    ['an output by its name', { Get: "Steps.Evaluate.Outputs['evaluation'].S3Output.S3Uri" }, 's3://local/report'],
    ['an output by its number', { Get: 'Steps.Evaluate.Outputs[0].S3Output.S3Uri' }, 's3://local/report'],
    ['a metric by its name', { Get: "Steps.Train.FinalMetricDataList['val:acc'].Value" }, 0.9],
    [
      'a value of a property file',
      { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Report' }, Path: 'metrics[0].value' } },
      0.97,
    ],
    [
      'values joined to a text',
      {
        'Std:Join': {
          On: '/',
          Values: ['s3:', { Get: 'Parameters.Rate' }, { 'Std:Join': { On: '', Values: [true] } }],
        },
      },
      's3:/0.5/true',
    ],
    ['anything within what it is part of', [{ a: { Get: 'Parameters.Name' }, b: 1 }], [{ a: 'flowers', b: 1 }]],
    ['nothing when it has company', { Get: 'Parameters.Name', b: 1 }, { Get: 'Parameters.Name', b: 1 }],
  ])('stands for %s', async (_, value, expected) => {
    expect(await resolveValue(value, source)).toEqual(expected);
  });

  it.each<[JsonValue, RegExp]>([
    [{ Get: 'Steps.Train.ModelArtifacts.Nothing' }, /"ModelArtifacts.Nothing" leads to nothing in step Train/],
    [{ Get: "Steps.Train.Outputs['other']" }, /leads to nothing/],
    [{ Get: 'Somewhere.X' }, /"Get" wants "Parameters.<name>".* not "Somewhere.X"/],
    [{ Get: 5 }, /"Get" wants/],
    [{ Get: 'Steps.Train.Outputs[' }, /is not a path/],
    [{ 'Std:Join': { Values: 'a' } }, /"Std:Join" wants/],
    [{ 'Std:Join': { On: '', Values: [{ Get: 'Steps.Train.Outputs' }] } }, /joins texts, numbers and booleans only/],
    [{ 'Std:JsonGet': { PropertyFile: 'Report', Path: 'a' } }, /"Std:JsonGet" wants/],
    [{ 'Std:Other': {} }, /"Std:Other" is not known here/],
  ])('is refused when it is %j', async (value, message) => {
    await expect(resolveValue(value, source)).rejects.toThrow(message);
    await expect(resolveValue(value, source)).rejects.toThrow(BadReferenceError);
  });

  it('is found at any depth', () => {
    const value = {
      a: [{ Get: 'Parameters.A' }],
      b: { 'Std:Join': { On: '', Values: [{ Get: 'Execution.PipelineName' }, { Get: 'Steps.S.a.b' }] } },
      c: { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.E.PropertyFiles.P' }, Path: '$.x' } },
    };

    expect(findReferences(value)).toEqual([
      { kind: 'parameter', name: 'A' },
      { kind: 'execution', name: 'PipelineName' },
      { kind: 'step', step: 'S', path: '.a.b' },
      { kind: 'property-file', step: 'E', file: 'P', path: '$.x' },
    ]);
  });

  it.each<[string, JsonValue]>([
    ['$.a.b', 1],
    ["a['b']", 1],
    ['["a"].b', 1],
    ['a.list[1]', 'second'],
  ])('follows the path %s', (path, expected) => {
    expect(lookUp({ a: { b: 1, list: ['first', 'second'] } }, path)).toBe(expected);
  });

  it('finds nothing in what an object inherits', () => {
    expect(() => lookUp({}, 'constructor')).toThrow(/leads to nothing/);
  });
});

import { JsonObject } from './json';
import { PipelineDefinitionError, readPipelineDefinition } from './pipeline-definition';

const training: JsonObject = {
  AlgorithmSpecification: { TrainingImage: 'image' },
  RoleArn: 'role',
  OutputDataConfig: { S3OutputPath: 's3://local/out' },
  ResourceConfig: { InstanceCount: 1 },
  StoppingCondition: {},
};
const processing: JsonObject = {
  AppSpecification: { ImageUri: 'image' },
  RoleArn: 'role',
  ProcessingResources: {},
  ProcessingOutputConfig: {
    Outputs: [
      { OutputName: 'report', S3Output: { S3Uri: 's3://local/r', LocalPath: '/opt/ml/processing/output/report' } },
    ],
  },
};

function train(name: string, changes: JsonObject = {}, members: JsonObject = {}): JsonObject {
  return { Name: name, Type: 'Training', Arguments: { ...training, ...changes }, ...members };
}

function evaluate(name: string, changes: JsonObject = {}, members: JsonObject = {}): JsonObject {
  return { Name: name, Type: 'Processing', Arguments: { ...processing, ...changes }, ...members };
}

function gate(name: string, ifSteps: JsonObject[], conditions: JsonObject[] = []): JsonObject {
  return { Name: name, Type: 'Condition', Arguments: { Conditions: conditions, IfSteps: ifSteps, ElseSteps: [] } };
}

function fail(name: string, message: unknown = 'no', members: JsonObject = {}): JsonObject {
  return { Name: name, Type: 'Fail', Arguments: { ErrorMessage: message as string }, ...members };
}

function faultsOf(steps: readonly JsonObject[], members: JsonObject = {}): readonly string[] {
  try {
    readPipelineDefinition(JSON.stringify({ Version: '2020-12-01', Steps: steps, ...members }));
    return [];
  } catch (error) {
    return error instanceof PipelineDefinitionError ? error.faults : [String(error)];
  }
}

describe('a pipeline definition', () => {
  it('is read with what each step waits for', () => {
    const model = { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' };
    const { steps } = readPipelineDefinition(
      JSON.stringify({
        Version: '2020-12-01',
        Steps: [
          evaluate(
            'Evaluate',
            { ProcessingInputs: [{ S3Input: { S3Uri: model, LocalPath: '/opt/ml/processing/input/model' } }] },
            { DependsOn: ['Prepare'], CacheConfig: { Enabled: true, ExpireAfter: 'P1D' } },
          ),
          train('Prepare', {}, { CacheConfig: { Enabled: false, ExpireAfter: 'P1D' } }),
          train('Train'),
        ],
      }),
    );

    expect(steps.map(({ name, needs }) => [name, needs])).toEqual([
      ['Evaluate', ['Prepare', 'Train']],
      ['Prepare', []],
      ['Train', []],
    ]);
    expect(steps.map(({ cache }) => cache)).toEqual([{ expireAfterMs: 86_400_000 }, undefined, undefined]);
  });

  it.each<[string, readonly JsonObject[], string]>([
    ['no steps', [], 'it has no steps'],
    [
      'a step of an unknown type',
      [{ Name: 'A', Type: 'Lambda', Arguments: {} }],
      'step A: steps of type "Lambda" cannot run here; Training, Processing, Condition, RegisterModel, Fail can',
    ],
    ['a step without a name', [{ Type: 'Fail', Arguments: { ErrorMessage: 'no' } }], 'undefined is no name of a step'],
    ['two steps of one name', [fail('A'), gate('B', [fail('A')])], 'two steps have the name A'],
    ['a step that is not there', [fail('A', 'no', { DependsOn: ['B'] })], 'step A: it waits for B, which is no step'],
    [
      'a step that may never run',
      [gate('G', [fail('A')]), fail('B', { Get: 'Steps.A.x' })],
      'step B: it waits for A, which runs only when a condition says so',
    ],
    [
      'steps that wait for each other',
      [fail('A', 'no', { DependsOn: ['B'] }), fail('B', { Get: 'Steps.A.x' })],
      'steps wait for each other: A -> B -> A',
    ],
    ['a step that waits for itself', [fail('A', { Get: 'Steps.A.x' })], 'steps wait for each other: A -> A'],
    [
      'a parameter that is not declared',
      [fail('A', { Get: 'Parameters.B' })],
      'step A: the parameter B is not declared',
    ],
    [
      'an unknown variable',
      [fail('A', { Get: 'Execution.Time' })],
      'step A: Execution.Time is not known; PipelineExecutionId',
    ],
    ['a reference that cannot be read', [fail('A', { Get: 'B' })], 'step A: "Get" wants'],
    [
      'a property file that is not declared',
      [evaluate('E'), fail('A', { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.E.PropertyFiles.P' }, Path: 'a' } })],
      'step A: step E declares no property file P',
    ],
    [
      'a property file of no output',
      [evaluate('E', {}, { PropertyFiles: [{ PropertyFileName: 'P', OutputName: 'other', FilePath: 'a.json' }] })],
      'step E: property file P is in the output other, which is not there',
    ],
    [
      'an argument that is missing',
      [train('T', { OutputDataConfig: {} })],
      'step T: OutputDataConfig.S3OutputPath is missing',
    ],
    [
      'a hyperparameter that is no text',
      [train('T', { HyperParameters: { epochs: 5 } })],
      'step T: HyperParameters.epochs must be a text, not 5',
    ],
    [
      'a channel that is no prefix',
      [
        train('T', {
          InputDataConfig: [
            { ChannelName: 'a', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://local/a' } } },
          ],
        }),
      ],
      'step T: channel a is of the S3DataType "ManifestFile"',
    ],
    [
      'a metric without an expression',
      [train('T', { AlgorithmSpecification: { MetricDefinitions: [{ Name: 'm', Regex: '(' }] } })],
      'step T: the Regex of the metric "m" is no regular expression',
    ],
    [
      'a path outside the container folder',
      [
        evaluate('E', {
          ProcessingInputs: [{ InputName: 'i', S3Input: { S3Uri: 's3://local/a', LocalPath: '/opt/ml/../../etc' } }],
        }),
      ],
      'step E: the LocalPath of input i must be below /opt/ml/',
    ],
    [
      'a wrong time to expire',
      [train('T', {}, { CacheConfig: { Enabled: true, ExpireAfter: 'soon' } })],
      'step T: ExpireAfter must be',
    ],
    ['a wrong condition', [gate('G', [], [{ Type: 'Like' }])], 'step G: the condition type "Like" is not known'],
  ])('with %s is refused', (_, steps, fault) => {
    expect(faultsOf(steps)).toEqual([expect.stringContaining(fault)]);
  });

  it('may name a step of the branch, of the trunk, and the condition around it', () => {
    const inner = fail('C', {
      'Std:Join': { On: '', Values: [{ Get: 'Steps.T.TrainingJobName' }, { Get: 'Steps.B.x' }] },
    });

    expect(faultsOf([train('T'), gate('G', [fail('B', 'no', { DependsOn: ['G'] }), inner])])).toEqual([]);
  });

  it('is refused with everything that is wrong', () => {
    expect(
      faultsOf([fail('A', { Get: 'Parameters.B' }), fail('C', 'no', { DependsOn: ['D'] })], { Version: '1' }),
    ).toEqual([
      'Version must be "2020-12-01", not "1"',
      'step A: the parameter B is not declared',
      'step C: it waits for D, which is no step',
    ]);
    expect(() => readPipelineDefinition('{')).toThrow(/The pipeline definition is wrong: it is not JSON \(/);
    expect(() => readPipelineDefinition('[]')).toThrow('it is not a JSON object');
  });
});

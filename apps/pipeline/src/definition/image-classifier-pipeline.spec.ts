import { HYPERPARAMETERS, TRAINING_METRICS } from '@app/contracts/learning';
import { PRODUCT_ROOT } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { botocoreFaults, hasBotocore, requestFaults, stepRequests } from '../../test/support/step-requests';
import { allSteps, definitionFaults } from './definition-faults';
import { PARAMETERS } from './image-classifier-parameters';
import { pipelineDefinition } from './image-classifier-pipeline';
import type { PipelineDefinition } from './pipeline-definition';
import type { Parameter } from './pipeline-parameters';

const committed = readFileSync(join(PRODUCT_ROOT, 'apps/pipeline/pipeline-definition.json'), 'utf8');
const reference = readFileSync(join(PRODUCT_ROOT, 'docs/pipeline-reference.md'), 'utf8');

/** The committed definition with a part of its text replaced. */
function mutant(part: string | RegExp, replacement: string): PipelineDefinition {
  const text = JSON.stringify(JSON.parse(committed));
  const changed = text.replace(part, replacement);
  if (changed === text) throw new Error(`${String(part)} is not in the definition`);
  return JSON.parse(changed) as PipelineDefinition; // a small change to one
}

describe('the committed definition', () => {
  it('is what the builder says', () => {
    expect(committed).toBe(`${JSON.stringify(pipelineDefinition(), null, 2)}\n`);
  });

  it('names no account, region, bucket or role', () => {
    expect(committed).not.toMatch(/arn:|s3:\/\/|amazonaws|\d{12}|[a-z]{2}-[a-z]+-\d/);
  });

  it('makes requests that the AWS SDK takes', () => {
    expect(stepRequests(pipelineDefinition()).map(({ step }) => step)).toEqual(['Train', 'Evaluate', 'Register']);
    expect(requestFaults(pipelineDefinition())).toEqual([]);
  });

  it('gives every hyperparameter to the training job, under its own name', () => {
    const [train] = stepRequests(pipelineDefinition());
    expect(Object.keys(train?.request.HyperParameters ?? {})).toEqual(HYPERPARAMETERS.map(({ name }) => name));
  });

  it.each(Object.keys(PARAMETERS))('uses the parameter %s', (name) => {
    expect(committed).toContain(`"Get": "Parameters.${name}"`);
  });

  it('caches training alone', () => {
    const cached = allSteps(pipelineDefinition().Steps).filter(({ CacheConfig }) => CacheConfig?.Enabled);
    expect(cached.map(({ Name }) => Name)).toEqual(['Train']);
  });
});

describe('a definition that was changed by hand', () => {
  it.each<[string, PipelineDefinition, string]>([
    [
      'a hyperparameter that is a number',
      mutant('"epochs":{"Get":"Parameters.Epochs"}', '"epochs":5'),
      "step Train: HyperParameters['epochs'] should be a string, not 5",
    ],
    [
      'a hyperparameter from an Integer',
      mutant('"epochs":{"Get":"Parameters.Epochs"}', '"epochs":{"Get":"Parameters.VolumeSizeInGB"}'),
      "step Train: HyperParameters['epochs'] should be a string, not 30",
    ],
    [
      'a member that does not exist',
      mutant('"InputDataConfig"', '"InputData":[],"InputDataConfig"'),
      'step Train: InputData is not a member of CreateTrainingJobRequest',
    ],
    ['a job without its role', mutant(',"RoleArn":{"Get":"Parameters.RoleArn"}', ''), 'step Train: RoleArn is missing'],
    ['a job without machines', mutant('"InstanceCount":1,', ''), 'step Train: ResourceConfig.InstanceCount is missing'],
    [
      'an approval status that does not exist',
      mutant('{"Get":"Parameters.ApprovalStatus"}', '"Pending"'),
      'step Register: ModelApprovalStatus: "Pending" is not one of its values',
    ],
    [
      'an instance type that does not exist',
      mutant('"ml.c6i.large"', '"ml.c6i.tiny"'),
      'step Register: SupportedRealtimeInferenceInstanceTypes: "ml.c6i.tiny" is not one of its values',
    ],
  ])('with %s is found by what the SDK knows', (_, definition, fault) => {
    expect(requestFaults(definition)).toContainEqual(expect.stringContaining(fault));
  });

  it.each<[string, PipelineDefinition, string]>([
    [
      'a step that is not there',
      mutant('Steps.Train.ModelArtifacts', 'Steps.Training.ModelArtifacts'),
      'step Evaluate: "Steps.Training.ModelArtifacts.S3ModelArtifacts": no step Training comes before',
    ],
    [
      'a step that comes later',
      mutant('{"Get":"Parameters.EarlierModel"}', '{"Get":"Steps.Evaluate.ProcessingJobArn"}'),
      'step Train: "Steps.Evaluate.ProcessingJobArn": no step Evaluate comes before',
    ],
    [
      'a property that a step does not have',
      mutant('ModelArtifacts.S3ModelArtifacts', 'ModelArtifacts.Uri'),
      'step Evaluate: "Steps.Train.ModelArtifacts.Uri": step Train gives no such thing',
    ],
    [
      'an output that is not declared',
      mutant("Outputs['evaluation']", "Outputs['report']"),
      `step Register: "Steps.Evaluate.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri": step Evaluate gives no such thing`,
    ],
    [
      'a property file that is not declared',
      mutant('PropertyFiles.EvaluationReport', 'PropertyFiles.Report'),
      'step Gate: "Steps.Evaluate.PropertyFiles.Report": step Evaluate gives no such thing',
    ],
    [
      'a property file in an output that is not declared',
      mutant(
        '"PropertyFileName":"EvaluationReport","OutputName":"evaluation"',
        '"PropertyFileName":"A","OutputName":"B"',
      ),
      'step Evaluate: property file A is in the output B, which is not declared',
    ],
    [
      'a parameter that is not declared',
      mutant('Parameters.CodeVersion', 'Parameters.GitSha'),
      'step Register: "Parameters.GitSha": there is no parameter GitSha',
    ],
    [
      'a variable of the execution that does not exist',
      mutant('Execution.PipelineExecutionId', 'Execution.Id'),
      'step Evaluate: "Execution.Id" refers to nothing that there is',
    ],
    [
      'a default of another type',
      mutant('"DefaultValue":30', '"DefaultValue":"30"'),
      'parameter VolumeSizeInGB: "30" is no Integer',
    ],
    [
      'a default that is not allowed',
      mutant('"DefaultValue":"PendingManualApproval"', '"DefaultValue":"Pending"'),
      'parameter ApprovalStatus: its default is not among its values',
    ],
    [
      'two parameters of one name',
      mutant('"Name":"Seed"', '"Name":"Folds"'),
      'parameter Folds is there more than once',
    ],
    ['two steps of one name', mutant('"Name":"Refuse"', '"Name":"Train"'), 'step Train is there more than once'],
    ['a name that SageMaker refuses', mutant('"Name":"Gate"', '"Name":"The gate"'), 'step The gate: '],
    ['a condition that nobody knows', mutant('"LessThanOrEqualTo"', '"AtMost"'), 'step Gate: "AtMost" is no condition'],
    [
      'more text than SageMaker takes',
      mutant('The model is not registered.', 'x'.repeat(2 ** 20)),
      ' bytes, and 1048576 are allowed',
    ],
  ])('with %s is found by how it hangs together', (_, definition, fault) => {
    expect(definitionFaults(definition)).toContainEqual(expect.stringContaining(fault));
  });
});

(hasBotocore ? describe : describe.skip)('botocore (skipped where python3 cannot import it)', () => {
  it('finds nothing wrong with the requests of the definition', () => {
    expect(botocoreFaults(pipelineDefinition())).toEqual([]);
  });

  it('finds what is wrong with changed ones', () => {
    const faults = botocoreFaults(
      mutant('"epochs":{"Get":"Parameters.Epochs"}', '"epochs":5'),
      mutant('"InputDataConfig"', '"InputData":[],"InputDataConfig"'),
      mutant('{"Get":"Parameters.ApprovalStatus"}', '"Pending"'),
      mutant('{"Get":"Parameters.RoleArn"}', '"pipeline"'),
      mutant('"train:loss"', `"${'x'.repeat(256)}"`),
    );

    expect(faults).toEqual([
      expect.stringContaining('Invalid type for parameter HyperParameters.epochs'),
      expect.stringContaining('Unknown parameter in input: "InputData"'),
      'step Register: .ModelApprovalStatus: Pending is not one of its values',
      expect.stringContaining('Invalid length for parameter RoleArn'),
      expect.stringContaining('.RoleArn: pipeline does not match arn:aws'),
      'step Train: .AlgorithmSpecification.MetricDefinitions[].Name: its size is 256',
    ]);
  });
});

describe('docs/pipeline-reference.md', () => {
  it('has a row for every parameter, and no other', () => {
    const rows = [...reference.matchAll(/^\| `(\w+)` +\| (.+?) +\| *(.*?) +\| (.+?) +\|$/gm)].map((row) =>
      row.slice(1),
    );
    const asText = (value: unknown) => `\`${String(value)}\``;

    expect(rows).toEqual(
      Object.entries<Parameter>(PARAMETERS).map(([name, { type, default: value, values, meaning }]) => [
        name,
        values === undefined ? type : values.map(asText).join(', '),
        value === undefined ? '' : asText(value),
        meaning,
      ]),
    );
  });

  it('has the conditions of the gate', () => {
    const rows = [...reference.matchAll(/^\| `([\w.]+)` +\| (at least|at most) +\| `([\w.]+)` +\|$/gm)].map((row) =>
      row.slice(1),
    );
    const gate = allSteps(pipelineDefinition().Steps).find(({ Name }) => Name === 'Gate');
    const words = rows.map(([path, relation, limit]) => ({
      Type: relation === 'at least' ? 'GreaterThanOrEqualTo' : 'LessThanOrEqualTo',
      LeftValue: {
        'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.EvaluationReport' }, Path: path },
      },
      RightValue: Number.isNaN(Number(limit)) ? { Get: `Parameters.${String(limit)}` } : Number(limit),
    }));

    expect(gate?.Arguments).toHaveProperty('Conditions', words);
  });

  it('has the metrics with their meaning', () => {
    const rows = [...reference.matchAll(/^\| `(\w+:\w+)` +\| (.+?) +\|$/gm)].map(([, name, meaning]) => ({
      name,
      meaning,
    }));

    expect(rows).toEqual(TRAINING_METRICS);
  });
});

import { definePipeline } from './define-pipeline';
import { integer, text, variablesOf } from './pipeline-parameters';
import { atLeast, conditionStep, failStep, processingStep, registerModelStep, Step } from './pipeline-steps';
import { execution, join } from './pipeline-variables';

interface Report {
  readonly figures: { readonly accuracy: number; readonly name: string; readonly perClass: readonly number[] };
}

const declared = {
  Image: text({ meaning: 'Image.' }),
  Size: integer({ default: 30, meaning: 'Size.' }),
};
const parameters = variablesOf(declared);

const work = processing('Work');
const report = work.propertyFile<Report>('Report');

function processing(Name: string) {
  return processingStep({
    Name,
    Arguments: {
      AppSpecification: { ImageUri: parameters.Image },
      RoleArn: 'arn:aws:iam::123456789012:role/work',
      ProcessingOutputConfig: {
        Outputs: [{ OutputName: 'report', S3Output: { S3Uri: 's3://bucket/report', S3UploadMode: 'EndOfJob' } }],
      },
      ProcessingResources: {
        ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: parameters.Size },
      },
    },
    PropertyFiles: [{ PropertyFileName: 'Report', OutputName: 'report', FilePath: 'report.json' }],
  });
}

function gate(...IfSteps: Step[]): Step {
  const Conditions = [atLeast(report.get('figures.accuracy'), 0.5)];
  return conditionStep({ Name: 'Gate', Conditions, IfSteps, ElseSteps: [] });
}

it('writes expressions as SageMaker reads them', () => {
  const fail = failStep({ Name: 'Stop', ErrorMessage: join(' ', [execution.id, report.get('figures.name'), 1]) });

  const { Parameters, Steps } = definePipeline(declared, [work, gate(fail)]);

  expect(Parameters).toEqual([
    { Name: 'Image', Type: 'String' },
    { Name: 'Size', Type: 'Integer', DefaultValue: 30 },
  ]);
  const PropertyFile = { Get: 'Steps.Work.PropertyFiles.Report' };
  const Values = [
    { Get: 'Execution.PipelineExecutionId' },
    { 'Std:JsonGet': { PropertyFile, Path: 'figures.name' } },
    1,
  ];
  expect(Steps[1]?.Arguments).toEqual({
    Conditions: [
      {
        Type: 'GreaterThanOrEqualTo',
        LeftValue: { 'Std:JsonGet': { PropertyFile, Path: 'figures.accuracy' } },
        RightValue: 0.5,
      },
    ],
    IfSteps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: { 'Std:Join': { On: ' ', Values } } } }],
    ElseSteps: [],
  });
});

it('refuses what refers to a step that is not there, or not yet, or perhaps never', () => {
  expect(() => definePipeline(declared, [gate()])).toThrow(
    'step Gate: "Steps.Work.PropertyFiles.Report": no step Work',
  );
  expect(() => definePipeline(declared, [gate(), work])).toThrow('no step Work comes before');

  const perhaps = processing('Perhaps');
  const after = failStep({ Name: 'After', ErrorMessage: perhaps.outputUri('report') });
  expect(() => definePipeline(declared, [work, gate(perhaps), after])).toThrow('no step Perhaps comes before');
  expect(() => definePipeline(declared, [work, gate(perhaps, after)])).not.toThrow();
});

it('refuses parameters that were not declared', () => {
  const { Image, ...rest } = declared;
  expect(() => definePipeline(rest, [work])).toThrow('"Parameters.Image": there is no parameter Image');
  expect(Image.type).toBe('String');
});

it('leaves no way to write what is not there', () => {
  // The compiler checks these lines: each error has to be there. That nothing throws is of no interest.
  const lines = [
    // @ts-expect-error no such parameter
    () => join('', [parameters.Picture]),
    // @ts-expect-error no such output
    () => work.outputUri('evaluation'),
    // @ts-expect-error no such property file
    () => work.propertyFile<Report>('Figures'),
    // @ts-expect-error no such figure
    () => report.get('figures.precision'),
    // @ts-expect-error a list of figures
    () => report.get('figures.perClass'),
    // @ts-expect-error a text, not a number
    () => atLeast(report.get('figures.name'), 1),
    // @ts-expect-error not from a declaration
    () => failStep({ Name: 'Stop', ErrorMessage: { Get: 'Parameters.Image' } }),
    // @ts-expect-error a number where SageMaker wants a text
    () => failStep({ Name: 'Stop', ErrorMessage: parameters.Size }),
    // @ts-expect-error no such status
    () => registerModelStep({ Name: 'Register', Arguments: { ModelApprovalStatus: 'Pending' } }),
    // @ts-expect-error no such member
    () => registerModelStep({ Name: 'Register', Arguments: { ApprovalStatus: 'Approved' } }),
  ];
  for (const line of lines) expect(line).not.toThrow();
});

import * as sagemaker from '@aws-sdk/client-sagemaker';
import { inputFaults, outputFaults, shapeFaults } from './sdk-shapes';

const container = { Image: 'image', ModelDataUrl: 's3://local/model.tar.gz', Environment: { MODEL_VERSION: '2.0.0' } };

describe('the shapes of the AWS SDK', () => {
  it('are fitted by a value with the required members and any of the others', () => {
    expect(shapeFaults(sagemaker.CreateEndpointInput$, { EndpointName: 'a', EndpointConfigName: 'b' })).toEqual([]);
    expect(
      inputFaults(sagemaker.CreateModel$, {
        ModelName: 'a',
        Containers: [container],
        EnableNetworkIsolation: true,
        Tags: undefined,
      }),
    ).toEqual([]);
  });

  it('name a member that is missing, unknown or spelled otherwise, at any depth', () => {
    const input = {
      ModelName: 'a',
      Containers: [container, { image: 'b' }],
      Tags: [{ Key: 'a' }],
      Environment: {},
    };

    expect(inputFaults(sagemaker.CreateModel$, input)).toEqual([
      'Containers[1].image is not a member of ContainerDefinition',
      'Tags[0].Value is missing: Tag requires it',
      'Environment is not a member of CreateModelInput',
    ]);
    expect(inputFaults(sagemaker.CreateEndpoint$, {})).toHaveLength(2);
  });

  it.each([
    [{ ModelName: 1 }, 'ModelName should be a string, not 1'],
    [{ ModelName: null }, 'ModelName should be a string, not null'],
    [{ ModelName: { Get: 'x' } }, 'ModelName should be a string, not an object'],
    [{ EnableNetworkIsolation: 'true' }, 'EnableNetworkIsolation should be a boolean, not "true"'],
    [{ Containers: container }, 'Containers should be a list, not an object'],
    [{ Containers: ['a'] }, 'Containers[0] should be ContainerDefinition, not "a"'],
    [{ PrimaryContainer: [] }, 'PrimaryContainer should be ContainerDefinition, not a list'],
    [{ PrimaryContainer: { Environment: { A: 1 } } }, "PrimaryContainer.Environment['A'] should be a string, not 1"],
    [{ PrimaryContainer: { Environment: 'A' } }, 'PrimaryContainer.Environment should be a map, not "A"'],
  ])('are not fitted by %j', (members, fault) => {
    expect(inputFaults(sagemaker.CreateModel$, { ModelName: 'a', ...members })).toEqual([fault]);
  });

  it.each([
    [new Date(0), []],
    [1_767_225_600.123, []],
    [1_767_225_600_123, ['CreationTime should be a time in seconds, not 1767225600123']],
    ['2026-01-01T00:00:00Z', ['CreationTime should be a time in seconds, not "2026-01-01T00:00:00Z"']],
    [new Date(NaN), ['CreationTime should be a time in seconds, not a Date']],
  ])('take times as a Date or in seconds: %j', (CreationTime, faults) => {
    const output = { ModelPackageGroupName: 'a', ModelPackageGroupArn: 'b', CreatedBy: {} };
    const rest = { ModelPackageGroupStatus: 'Completed', CreationTime };

    expect(outputFaults(sagemaker.DescribeModelPackageGroup$, { ...output, ...rest })).toEqual(faults);
  });

  it('check lists and maps of primitives, numbers, and what is inside unions', () => {
    const job = {
      TrainingJobName: 'a',
      RoleArn: 'b',
      OutputDataConfig: { S3OutputPath: 'c' },
      ResourceConfig: { VolumeSizeInGB: '30', InstanceCount: 1 },
      StoppingCondition: {},
      AlgorithmSpecification: { TrainingInputMode: 'File', ContainerArguments: ['a', 1] },
      HyperParameters: { epochs: 5 },
    };

    expect(inputFaults(sagemaker.CreateTrainingJob$, job)).toEqual([
      'ResourceConfig.VolumeSizeInGB should be a number, not "30"',
      'AlgorithmSpecification.ContainerArguments[1] should be a string, not 1',
      "HyperParameters['epochs'] should be a string, not 5",
    ]);
    expect(shapeFaults(sagemaker.MetricSpecification$, {})).toEqual([
      'the value should have one of the members of MetricSpecification, not 0',
    ]);
  });

  it('let a placeholder stand for anything', () => {
    const isPlaceholder = (value: unknown) => typeof value === 'object' && value !== null && 'Get' in value;
    const input = {
      EndpointName: { Get: 'Parameters.Name' },
      EndpointConfigName: 'a',
      Tags: { Get: 'Parameters.Tags' },
    };

    expect(inputFaults(sagemaker.CreateEndpoint$, input, { isPlaceholder })).toEqual([]);
    expect(inputFaults(sagemaker.CreateEndpoint$, { ...input, Tag: 1 }, { isPlaceholder })).toEqual([
      'Tag is not a member of CreateEndpointInput',
    ]);
  });

  it('want nothing of an operation that answers with nothing', () => {
    expect(outputFaults(sagemaker.DeleteEndpoint$, {})).toEqual([]);
    expect(outputFaults(sagemaker.DeleteEndpoint$, { Status: 'a' })).toEqual([
      'Status is not a member of an empty structure',
    ]);
  });
});

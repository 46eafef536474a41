import {
  CreatePipelineCommand,
  DescribePipelineCommand,
  DescribePipelineDefinitionForExecutionCommand,
  DescribePipelineExecutionCommand,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  ListPipelineExecutionsCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineParametersForExecutionCommand,
  ListPipelinesCommand,
  ResourceNotFound,
  RetryPipelineExecutionCommand,
  SageMakerClient,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-sagemaker';
import { until } from '../../../../test/support/conditions';
import { Operations } from '../../src/control-plane/operation';
import { LocalSageMaker } from '../../src/local-sagemaker';
import { answerFaults, clientOf, shippedPackage } from '../local-account';
import { PipelineBench, pipelineDefinition } from './pipeline-bench';

const ROLE = 'arn:aws:iam::000000000000:role/pipeline';

describe('the AWS SDK', () => {
  let bench: PipelineBench;
  let server: LocalSageMaker;
  let client: SageMakerClient;
  let definition: string;
  let arn: string | undefined;
  /** By operation: what is wrong with its answers. The SDK itself drops what it does not know. */
  const faults = new Map<string, string[]>();

  const checked = (operations: Operations): Operations =>
    Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [
        name,
        async (input) => {
          const answer = await operation(input);
          faults.set(name, [...(faults.get(name) ?? []), ...answerFaults(name, answer)]);
          return answer;
        },
      ]),
    );
  const status = async (): Promise<string | undefined> =>
    (await client.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }))).PipelineExecutionStatus;

  beforeAll(async () => {
    bench = await new PipelineBench().prepare();
    definition = JSON.stringify(pipelineDefinition(bench.control));
    const { state, service } = bench;
    server = await LocalSageMaker.start({
      state,
      shippedPackageDir: shippedPackage(),
      services: () => [{ operations: checked(service.operations), stop: () => service.stop() }],
    });
    client = clientOf(server.url);
  });

  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  it('creates, updates, describes and lists pipelines', async () => {
    const created = await client.send(
      new CreatePipelineCommand({
        PipelineName: 'tulips',
        PipelineDescription: 'old',
        PipelineDefinition: definition,
        RoleArn: ROLE,
        ClientRequestToken: 'x'.repeat(32),
      }),
    );
    expect(created.PipelineArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:pipeline/tulips');
    await client.send(new UpdatePipelineCommand({ PipelineName: 'tulips', PipelineDescription: 'new' }));

    const described = await client.send(new DescribePipelineCommand({ PipelineName: created.PipelineArn }));
    expect(described).toMatchObject({
      PipelineName: 'tulips',
      PipelineDescription: 'new',
      PipelineDefinition: definition,
      PipelineStatus: 'Active',
      RoleArn: ROLE,
    });
    expect(described.CreationTime?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    const first = await client.send(new ListPipelinesCommand({ MaxResults: 1 }));
    const second = await client.send(new ListPipelinesCommand({ MaxResults: 1, NextToken: first.NextToken }));
    expect([...(first.PipelineSummaries ?? []), ...(second.PipelineSummaries ?? [])]).toMatchObject([
      { PipelineName: 'tulips', PipelineDescription: 'new' },
      { PipelineName: 'flowers' },
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  it('refuses a pipeline that exists, one with a wrong definition, and one that is not there', async () => {
    const create = (body: string): Promise<unknown> =>
      client.send(new CreatePipelineCommand({ PipelineName: 'flowers', PipelineDefinition: body, RoleArn: ROLE }));

    await expect(create(definition)).rejects.toThrow('Pipeline with name flowers already exists.');
    await expect(create('{"Version":"2020-12-01","Steps":[]}')).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The pipeline definition is wrong: it has no steps.',
    });
    await expect(client.send(new DescribePipelineCommand({ PipelineName: '../flowers' }))).rejects.toThrow(
      ResourceNotFound,
    );
    await expect(client.send(new DescribePipelineCommand({ PipelineName: '..' }))).rejects.toThrow(ResourceNotFound);
    await expect(client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'nothing' }))).rejects.toThrow(
      ResourceNotFound,
    );
    await expect(client.send(new DescribeTrainingJobCommand({ TrainingJobName: '../x' }))).rejects.toThrow(
      "1 validation error detected: Value '../x' at 'trainingJobName' failed to satisfy constraint",
    );
  });

  it('starts, stops, retries and describes an execution', async () => {
    bench.behave({ hang: 'evaluate' });
    const started = await client.send(
      new StartPipelineExecutionCommand({
        PipelineName: 'flowers',
        PipelineExecutionDisplayName: 'monday',
        PipelineParameters: [{ Name: 'Threshold', Value: '0.5' }],
      }),
    );
    arn = started.PipelineExecutionArn;
    expect(arn).toMatch(/^arn:aws:sagemaker:us-east-1:000000000000:pipeline\/flowers\/execution\/[a-z0-9]{12}$/);
    await until(() => bench.begun().length === 2);
    expect(await status()).toBe('Executing');
    await client.send(new StopPipelineExecutionCommand({ PipelineExecutionArn: arn }));
    await until(async () => (await status()) === 'Stopped');
    bench.behave({});
    await client.send(new RetryPipelineExecutionCommand({ PipelineExecutionArn: arn }));
    await until(async () => (await status()) === 'Succeeded');

    const described = await client.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }));
    expect(described).toMatchObject({ PipelineExecutionDisplayName: 'monday', PipelineExecutionStatus: 'Succeeded' });
    expect(described.LastModifiedTime?.getTime()).toBeGreaterThan(described.CreationTime?.getTime() ?? Infinity);
    const { PipelineExecutionSummaries: summaries } = await client.send(
      new ListPipelineExecutionsCommand({ PipelineName: 'flowers' }),
    );
    expect(summaries).toMatchObject([
      { PipelineExecutionArn: arn, PipelineExecutionStatus: 'Succeeded', StartTime: described.CreationTime },
    ]);
  });

  it('describes steps, jobs, parameters and the definition of an execution', async () => {
    const { PipelineExecutionSteps: steps = [] } = await client.send(
      new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn }),
    );
    expect(steps.map(({ StepName, StepStatus, AttemptCount }) => [StepName, StepStatus, AttemptCount])).toEqual([
      ['Register', 'Succeeded', 1],
      ['Gate', 'Succeeded', 1],
      ['Evaluate', 'Succeeded', 2],
      ['Train', 'Succeeded', 1],
    ]);
    expect(steps[0]?.Metadata?.RegisterModel?.Arn).toMatch(/:model-package\/flowers\//);
    expect(steps[1]?.Metadata?.Condition?.Outcome).toBe('True');
    expect(steps[3]?.EndTime?.getTime()).toBeGreaterThan(steps[3]?.StartTime?.getTime() ?? Infinity);

    const training = await client.send(
      new DescribeTrainingJobCommand({ TrainingJobName: steps[3]?.Metadata?.TrainingJob?.Arn?.replace(/.*\//, '') }),
    );
    expect(training.TrainingJobStatus).toBe('Completed');
    expect(training.FinalMetricDataList?.[0]?.Timestamp?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(training.SecondaryStatusTransitions?.at(-1)?.StartTime?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(training.TrainingTimeInSeconds).toBeGreaterThan(0);
    const processing = await client.send(
      new DescribeProcessingJobCommand({
        ProcessingJobName: steps[2]?.Metadata?.ProcessingJob?.Arn?.replace(/.*\//, ''),
      }),
    );
    expect(processing).toMatchObject({ ProcessingJobStatus: 'Completed', ExitMessage: 'evaluated' });
    expect(processing.ProcessingEndTime?.getTime()).toBeGreaterThan(processing.CreationTime?.getTime() ?? Infinity);

    const execution = { PipelineExecutionArn: arn };
    const { PipelineParameters: parameters } = await client.send(
      new ListPipelineParametersForExecutionCommand(execution),
    );
    expect(parameters).toEqual([
      { Name: 'Threshold', Value: '0.5' },
      { Name: 'TrainingData', Value: 's3://local/photos' },
      { Name: 'Epochs', Value: '5' },
      { Name: 'MaxRuntime', Value: '600' },
    ]);
    expect(await client.send(new DescribePipelineDefinitionForExecutionCommand(execution))).toMatchObject({
      PipelineDefinition: definition,
    });
  });

  it('was given answers of the right shape by every operation', () => {
    expect(Object.fromEntries(faults)).toEqual(
      Object.fromEntries(Object.keys(bench.service.operations).map((operation) => [operation, []])),
    );
  });
});

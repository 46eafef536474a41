// `npm run destroy` of an installation that is at work: endpoint, training, rollout, images, many versions, protection, and stacks that will not go.
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetImageCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { readHandedOver, writeParameter } from '../../tools/aws/account/handed-over';
import { AwsCall, AwsDouble, json, Script, xml } from '../support/aws-double';
import { runCommand } from '../support/command';
import { hasMoto } from '../support/moto';
import { tellOf } from '../support/scripted-stacks';

const STAGE = { project: 'at-work', stage: 'demo' };
const INSTALLATION = ['--stage', 'demo', '--project', 'at-work', '--yes'];
const DEPLOY = ['deploy', ...INSTALLATION, '--only', 'network,storage'];
const DESTROY = ['destroy', ...INSTALLATION];
const ENDPOINT = 'at-work-demo';
const MADE_OF = `${ENDPOINT}-v3-0123abcd`;
/** Of an installation whose name begins alike. */
const OTHERS = 'at-work-demo-video-v1-0123abcd';
const PAGE_OF_VERSIONS = 1000;
/** Which ECS makes by itself for a cluster. */
const GROUP = '/aws/ecs/containerinsights/at-work-demo-platform-Cluster-1/performance';
const GROUP_OF_OTHERS = '/aws/ecs/containerinsights/at-work-demo-2-platform-Cluster-1/performance';

(hasMoto ? describe : describe.skip)('destroying what is at work (skipped where there is no moto_server)', () => {
  jest.setTimeout(180_000);
  let aws: AwsDouble;
  let ssm: SSMClient;
  let s3: S3Client;
  let ecr: ECRClient;
  let sageMaker: SageMakerClient;
  let autoScaling: ApplicationAutoScalingClient;

  beforeAll(async () => {
    aws = await AwsDouble.start();
    ssm = new SSMClient(aws.clientOptions);
    s3 = new S3Client(aws.clientOptions);
    ecr = new ECRClient(aws.clientOptions);
    sageMaker = new SageMakerClient(aws.clientOptions);
    autoScaling = new ApplicationAutoScalingClient(aws.clientOptions);
  });
  afterAll(async () => {
    for (const client of [ssm, s3, ecr, sageMaker, autoScaling]) client.destroy();
    await aws.stop();
  });
  afterEach(() => expect(aws.faults).toEqual([]));

  const during = async (act: () => Promise<{ code: number | null; stdout: string; stderr: string }>) => {
    const start = aws.calls.length;
    const result = await act();
    return { ...result, calls: aws.calls.slice(start) };
  };
  const withScript = async <T>(script: Script, act: () => Promise<T>): Promise<T> => {
    aws.scripts.unshift(script);
    try {
      return await act();
    } finally {
      aws.scripts.splice(aws.scripts.indexOf(script), 1);
    }
  };

  async function serveModel(): Promise<void> {
    for (const name of [MADE_OF, OTHERS]) {
      await sageMaker.send(
        new CreateModelCommand({
          ModelName: name,
          ExecutionRoleArn: 'arn:aws:iam::123456789012:role/endpoint',
          PrimaryContainer: { Image: 'example.com/model:1' },
        }),
      );
      await sageMaker.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName: name,
          ProductionVariants: [
            { VariantName: 'live', ModelName: name, InitialInstanceCount: 1, InstanceType: 'ml.m5.large' },
          ],
        }),
      );
    }
    await sageMaker.send(new CreateEndpointCommand({ EndpointName: ENDPOINT, EndpointConfigName: MADE_OF }));
    await autoScaling.send(
      new RegisterScalableTargetCommand({
        ServiceNamespace: 'sagemaker',
        ResourceId: `endpoint/${ENDPOINT}/variant/live`,
        ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
        MinCapacity: 1,
        MaxCapacity: 2,
      }),
    );
  }

  it('has a network and storage to begin with', async () => {
    expect(await runCommand(DEPLOY, aws.url)).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses stacks that are protected, and changes nothing', async () => {
    const stacks = ['network', 'storage'].map((area) => tellOf(aws, `at-work-demo-${area}`));
    for (const stack of stacks) stack.isProtected = true;
    const { code, stderr, calls } = await during(() => runCommand(DESTROY, aws.url));
    expect(stderr).toContain('protected against deletion. To take them away all the same: --lift-protection');
    expect(code).toBe(1);
    expect(calls.filter(({ action }) => /^(Delete|Stop|Update|Put)/.test(action))).toEqual([]);
  });

  it('says what stands in the way of a stack that will not go, three times, and keeps the record of the data', async () => {
    const storage = tellOf(aws, 'at-work-demo-storage');
    const stuck = ({ action, input }: AwsCall) => {
      if (action !== 'DeleteStack' || !String(input['StackName']).includes('at-work-demo-storage')) return undefined;
      storage.resource('LogsBucket', 'AWS::S3::Bucket', 'DELETE_FAILED', 'The bucket you tried to delete is not empty');
      storage.becomes('DELETE_FAILED');
      return xml(action, '');
    };
    const { code, stdout, stderr, calls } = await withScript(stuck, () =>
      during(() => runCommand([...DESTROY, '--lift-protection'], aws.url)),
    );
    expect(stdout).toContain('Trying again.');
    expect(stderr).toContain('The stack at-work-demo-storage failed: DELETE_FAILED.');
    expect(stderr).toContain('LogsBucket (S3 bucket):\n  The bucket you tried to delete is not empty');
    expect(stderr).toContain('Run this again when that is gone.');
    expect(code).toBe(1);
    expect(calls.filter(({ action }) => action === 'DeleteStack')).toHaveLength(3);
    const lifted = calls.filter(({ action }) => action === 'UpdateTerminationProtection');
    expect(lifted.map(({ input }) => [input['StackName'], input['EnableTerminationProtection']])).toEqual([
      ['at-work-demo-storage', 'false'],
      ['at-work-demo-network', 'false'],
    ]);
    expect((await readHandedOver(ssm, STAGE)).has('kept')).toBe(true);
    aws.rewrites.length = 0;
  });

  it('stops what runs, takes away what serves, and empties what has to be empty', async () => {
    await serveModel();
    const handedOver = await readHandedOver(ssm, STAGE);
    const bucket = handedOver.get('storage/build-bucket') ?? '';
    const repository = handedOver.get('storage/web-repository') ?? '';
    const put = (index: number) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${index % 7}`, Body: '.' }));
    for (let index = 0; index < PAGE_OF_VERSIONS + 20; index += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, offset) => put(index + offset)));
    }
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {},
      layers: [],
    });
    await ecr.send(new PutImageCommand({ repositoryName: repository, imageTag: 'first', imageManifest }));
    const logs = new CloudWatchLogsClient(aws.clientOptions);
    for (const logGroupName of [GROUP, GROUP_OF_OTHERS]) await logs.send(new CreateLogGroupCommand({ logGroupName }));
    logs.destroy();
    await writeParameter(ssm, STAGE, 'ml/pipeline-name', 'at-work-demo');
    await writeParameter(ssm, STAGE, 'services/deployment-application', 'rollouts');
    await writeParameter(ssm, STAGE, 'services/web-deployment-group', 'web');

    const atWork = runningParts();
    const { code, stdout, stderr, calls } = await withScript(atWork, () =>
      during(() => runCommand([...DESTROY, '--delete-data'], aws.url)),
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('Stopping the rollout d-ROLLOUT of web, and waiting for its end.');
    expect(stdout).toContain(
      'Stopping the run arn:aws:sagemaker:us-east-1:123456789012:pipeline/at-work-demo/execution/1.',
    );
    expect(stdout).toContain(`Deleting the endpoint ${ENDPOINT}.`);
    expect(stdout).toContain(`aws logs delete-log-group --log-group-name ${GROUP} --region us-east-1`);
    expect(stdout).not.toContain(GROUP_OF_OTHERS);
    const order = calls.map(({ action }) => action);
    const first = (action: string) => order.indexOf(action);
    expect(first('DeregisterScalableTarget')).toBeLessThan(first('DeleteEndpoint'));
    expect(first('StopPipelineExecution')).toBeLessThan(first('DeleteStack'));
    expect(order.lastIndexOf('ListPipelineExecutions')).toBeLessThan(first('DeleteStack'));

    expect((await sageMaker.send(new ListEndpointsCommand({}))).Endpoints).toEqual([]);
    const models = (await sageMaker.send(new ListModelsCommand({}))).Models ?? [];
    expect(models.map(({ ModelName }) => ModelName)).toEqual([OTHERS]);
    const configs = (await sageMaker.send(new ListEndpointConfigsCommand({}))).EndpointConfigs ?? [];
    expect(configs.map(({ EndpointConfigName }) => EndpointConfigName)).toEqual([OTHERS]);
    const targets = await autoScaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'sagemaker' }));
    expect(targets.ScalableTargets).toEqual([]);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    const images = ecr.send(
      new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageTag: 'first' }] }),
    );
    await expect(images).rejects.toThrow(/does not exist/);
  });

  it.each(['ROLLBACK_COMPLETE', 'DELETE_FAILED', 'REVIEW_IN_PROGRESS'])('takes away a stack in %s', async (status) => {
    const deploy = ['deploy', '--stage', 'demo', '--project', 'half-made', '--only', 'network', '--yes'];
    expect(await runCommand(deploy, aws.url)).toMatchObject({ code: 0, stderr: '' });
    tellOf(aws, 'half-made-demo-network').becomes(status);
    const destroy = ['destroy', '--stage', 'demo', '--project', 'half-made', '--yes'];
    const { code, stdout, stderr } = await runCommand(destroy, aws.url);
    aws.rewrites.length = 0;
    expect(stdout).toContain('half-made-demo-network is removed');
    expect([code, stderr]).toEqual([0, '']);
    expect((await runCommand(destroy, aws.url)).stdout).toContain('There is nothing of this stage');
  });

  it('waits for network interfaces that Lambda takes back in its own time', async () => {
    const deploy = ['deploy', '--stage', 'demo', '--project', 'half-made', '--only', 'network', '--yes'];
    expect(await runCommand(deploy, aws.url)).toMatchObject({ code: 0, stderr: '' });
    let looks = 0;
    const leaving: Script = ({ action }) => {
      if (action !== 'DescribeNetworkInterfaces') return undefined;
      looks += 1;
      const item = '<item><networkInterfaceId>eni-1</networkInterfaceId><interfaceType>lambda</interfaceType></item>';
      const body = `<DescribeNetworkInterfacesResponse><networkInterfaceSet>${looks < 3 ? item : ''}</networkInterfaceSet></DescribeNetworkInterfacesResponse>`;
      return { contentType: 'text/xml', body };
    };
    const { code, stdout, stderr, calls } = await withScript(leaving, () =>
      during(() => runCommand(['destroy', '--stage', 'demo', '--project', 'half-made', '--yes'], aws.url)),
    );
    expect(stdout).toContain('1 network interface of functions that are gone; the network goes after them');
    expect(stdout).toContain('within up to 40 minutes. Nothing needs to be done.');
    const actions = calls.map(({ action }) => action);
    expect(actions.lastIndexOf('DescribeNetworkInterfaces')).toBeLessThan(actions.indexOf('DeleteStack'));
    expect([code, stderr, looks]).toEqual([0, '', 3]);
  });

  it('waits for an endpoint and a training that an earlier command has told to go, and does not tell them again', async () => {
    await writeParameter(ssm, STAGE, 'ml/pipeline-name', 'at-work-demo');
    expect(await runCommand(DEPLOY, aws.url)).toMatchObject({ code: 0 });
    let looks = 0;
    const goingAway: Script = ({ action, input }) => {
      if (action === 'ListPipelineExecutions') {
        return json({ PipelineExecutionSummaries: looks++ === 0 ? [{ PipelineExecutionStatus: 'Stopping' }] : [] });
      }
      if (action !== 'DescribeEndpoint' || input['EndpointName'] !== ENDPOINT) return undefined;
      looks += 1;
      return looks < 4
        ? json({ EndpointName: ENDPOINT, EndpointStatus: 'Deleting', ProductionVariants: [] })
        : json({ __type: 'ValidationException', message: 'Could not find endpoint' }, 400);
    };
    const { code, stderr, calls } = await withScript(goingAway, () =>
      during(() => runCommand([...DESTROY, '--delete-data'], aws.url)),
    );
    expect([code, stderr]).toEqual([0, '']);
    const actions = calls.map(({ action }) => action);
    expect(actions).not.toContain('DeleteEndpoint');
    expect(actions).not.toContain('StopPipelineExecution');
  });
});

/** A run of the pipeline and a rollout, until they are stopped; the run takes a while for it. */
function runningParts(): Script {
  const run = 'arn:aws:sagemaker:us-east-1:123456789012:pipeline/at-work-demo/execution/1';
  let status = 'Executing';
  let deployments = ['d-ROLLOUT'];
  return ({ action, input }) => {
    switch (action) {
      case 'ListPipelineExecutions': {
        const now = status;
        if (status === 'Stopping') status = 'Stopped';
        return json({ PipelineExecutionSummaries: [{ PipelineExecutionArn: run, PipelineExecutionStatus: now }] });
      }
      case 'StopPipelineExecution':
        status = 'Stopping';
        return json({ PipelineExecutionArn: run });
      case 'ListDeployments':
        return json({ deployments: input['deploymentGroupName'] === 'web' ? deployments : [] });
      case 'StopDeployment':
        deployments = [];
        return json({ status: 'Pending' });
      default:
        return undefined;
    }
  };
}

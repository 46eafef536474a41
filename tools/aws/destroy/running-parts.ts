/** Stops what runs and what would keep stacks from going: delivery, rollouts, training, tasks, and the endpoint, which no stack owns. */
import {
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  ServiceNamespace,
} from '@aws-sdk/client-application-auto-scaling';
import { DeploymentStatus, ListDeploymentsCommand, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  ListPipelineExecutionsCommand,
  paginateListEndpointConfigs,
  paginateListModels,
  SageMakerClient,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HandedOver } from '../account/handed-over';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { runningBuilds, stopBuild } from '../image-build/builds';
import { stopRuns } from '../release/pipeline-runs';
import { StageName } from '../stage/areas';

const POLL_INTERVAL_MS = 5_000;

type Say = (text: string) => void;

/** Both modes: a stage may have gone from one to the other. */
export function endpointNames({ project, stage }: StageName): string[] {
  return [`${project}-${stage}`, `${project}-${stage}-serverless`];
}

export async function stopTraining(clients: AwsClients, handedOver: HandedOver, say: Say): Promise<void> {
  const pipeline = handedOver.get('ml/pipeline-name');
  if (pipeline === undefined) return;
  const list = () =>
    unlessMissing(clients.sageMaker.send(new ListPipelineExecutionsCommand({ PipelineName: pipeline })));
  const running = ((await list())?.PipelineExecutionSummaries ?? []).filter(
    ({ PipelineExecutionStatus }) => PipelineExecutionStatus === 'Executing',
  );
  for (const { PipelineExecutionArn } of running) {
    say(`Stopping the run ${PipelineExecutionArn ?? ''}.`);
    await clients.sageMaker.send(
      new StopPipelineExecutionCommand({ PipelineExecutionArn, ClientRequestToken: randomUUID() }),
    );
  }
  // Also for those that an earlier command has told to stop.
  const isRunning = async () =>
    ((await list())?.PipelineExecutionSummaries ?? []).some(({ PipelineExecutionStatus = '' }) =>
      /^(Executing|Stopping)$/.test(PipelineExecutionStatus),
    );
  while (await isRunning()) await sleep(POLL_INTERVAL_MS);
}

/** With what it was made of, and what scales it: an endpoint with a scalable target cannot be deleted. */
export async function deleteEndpoints(clients: AwsClients, name: StageName, say: Say): Promise<void> {
  const { sageMaker } = clients;
  for (const EndpointName of endpointNames(name)) {
    const describe = () => unlessMissing(sageMaker.send(new DescribeEndpointCommand({ EndpointName })));
    let endpoint = await describe();
    if (endpoint === undefined) continue;
    say(`Deleting the endpoint ${EndpointName}.`);
    const variants = (endpoint.ProductionVariants ?? []).map(
      ({ VariantName = '' }) => `endpoint/${EndpointName}/variant/${VariantName}`,
    );
    await deregisterScalableTargets(clients, 'sagemaker', variants);
    // An endpoint that is being changed cannot be deleted.
    while (/^(Creating|Updating|SystemUpdating|RollingBack)$/.test(endpoint?.EndpointStatus ?? '')) {
      await sleep(POLL_INTERVAL_MS);
      endpoint = await describe();
    }
    // An earlier command may have told it to go: SageMaker refuses to be told again.
    if (endpoint?.EndpointStatus !== 'Deleting') {
      await unlessMissing(sageMaker.send(new DeleteEndpointCommand({ EndpointName })));
    }
    while ((await describe()) !== undefined) await sleep(POLL_INTERVAL_MS);
  }
  await deleteModels(sageMaker, `${name.project}-${name.stage}`, say);
}

async function deregisterScalableTargets(
  { autoScaling }: AwsClients,
  ServiceNamespace: ServiceNamespace,
  ResourceIds: string[],
): Promise<void> {
  if (ResourceIds.length === 0) return;
  const { ScalableTargets = [] } = await autoScaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds }),
  );
  for (const { ResourceId, ScalableDimension } of ScalableTargets) {
    await autoScaling.send(new DeregisterScalableTargetCommand({ ServiceNamespace, ResourceId, ScalableDimension }));
  }
}

/** Those of deploy-model: `<group>-v<number>-<hash>`. Another stage's name may begin with the name of this one. */
async function deleteModels(client: SageMakerClient, group: string, say: Say): Promise<void> {
  const isOwn = (name: string) => name.startsWith(`${group}-v`) && /^\d+-[0-9a-f]+$/.test(name.slice(group.length + 2));
  const configs: string[] = [];
  for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs(
    { client },
    { NameContains: `${group}-v` },
  )) {
    configs.push(...EndpointConfigs.map(({ EndpointConfigName = '' }) => EndpointConfigName).filter(isOwn));
  }
  const models: string[] = [];
  for await (const { Models = [] } of paginateListModels({ client }, { NameContains: `${group}-v` })) {
    models.push(...Models.map(({ ModelName = '' }) => ModelName).filter(isOwn));
  }
  if (configs.length + models.length > 0)
    say(`Deleting ${models.length} models and ${configs.length} endpoint configurations.`);
  for (const EndpointConfigName of configs) await client.send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
  for (const ModelName of models) await client.send(new DeleteModelCommand({ ModelName }));
}

/** First of all: what they build and roll out would only be in the way. */
export async function stopDelivery(clients: AwsClients, handedOver: HandedOver, say: Say): Promise<void> {
  const pipeline = handedOver.get('delivery/pipeline-name');
  if (pipeline !== undefined) await stopRuns(clients, pipeline, say);
  for (const name of ['build/bootstrap-project-name', 'build/pipeline-project-name']) {
    const project = handedOver.get(name);
    if (project === undefined) continue;
    for (const { id = '' } of await runningBuilds(clients, project)) {
      say(`Stopping the build ${id}.`);
      await stopBuild(clients, id);
    }
  }
}

const UNDER_WAY: DeploymentStatus[] = ['Created', 'Queued', 'InProgress', 'Ready'];

export async function stopRollouts({ codeDeploy }: AwsClients, handedOver: HandedOver, say: Say): Promise<void> {
  const applicationName = handedOver.get('services/deployment-application');
  if (applicationName === undefined) return;
  for (const tier of ['web', 'was']) {
    const deploymentGroupName = handedOver.get(`services/${tier}-deployment-group`);
    if (deploymentGroupName === undefined) continue;
    const list = async () => {
      const request = { applicationName, deploymentGroupName, includeOnlyStatuses: UNDER_WAY };
      return (await unlessMissing(codeDeploy.send(new ListDeploymentsCommand(request))))?.deployments ?? [];
    };
    for (const deploymentId of await list()) {
      say(`Stopping the rollout ${deploymentId} of ${tier}, and waiting for its end.`);
      await codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: false }));
    }
    // One that is at a step which cannot be broken off ends that first.
    while ((await list()).length > 0) await sleep(POLL_INTERVAL_MS);
  }
}

/** Without tasks a service goes in seconds. What scales it is told first, or it would start them again. */
export async function stopServices(clients: AwsClients, serviceArns: readonly string[], say: Say): Promise<void> {
  for (const arn of serviceArns) {
    // arn:aws:ecs:<region>:<account>:service/<cluster>/<name>
    const [, cluster = '', service = ''] = arn.split(':').at(-1)?.split('/') ?? [];
    if (service === '') continue;
    say(`Stopping the tasks of ${service}.`);
    const ResourceId = `service/${cluster}/${service}`;
    const { ScalableTargets = [] } = await clients.autoScaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [ResourceId] }),
    );
    for (const { ScalableDimension } of ScalableTargets) {
      await clients.autoScaling.send(
        new RegisterScalableTargetCommand({
          ...{ ServiceNamespace: 'ecs', ResourceId, ScalableDimension, MinCapacity: 0, MaxCapacity: 0 },
        }),
      );
    }
    await unlessMissing(clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 })));
  }
}

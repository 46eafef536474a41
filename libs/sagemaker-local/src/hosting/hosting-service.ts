/**
 * Models, endpoint configurations and endpoints. A deployment is carried out by the endpoint process that follows the state
 * folder; when there is none, the model is started here, to see whether it comes up, and served from the next start on.
 */
import { arnOf } from '../control-plane/arn';
import {
  isObject,
  isText,
  membersOf,
  NAME,
  optionalChoice,
  optionalList,
  optionalTextMap,
  requiredList,
  requiredText,
} from '../control-plane/input-members';
import { pageOf } from '../control-plane/listing';
import { ControlPlaneService, OperationInput, Operations, SageMakerFault } from '../control-plane/operation';
import { Tags, tagsIn } from '../control-plane/tags';
import { EndpointLog } from '../endpoint-log';
import { ModelPackages } from '../registry/model-packages';
import { StateFolder } from '../state';
import { EndpointProcesses } from './endpoint-processes';
import { EndpointRecord, EndpointState, NumberedDeployment } from './endpoint-record';
import { containerIn, HostedModels, HostingKind, HostingRecord } from './hosted-models';
import { ModelData } from './model-data';
import { ModelTrials, TrialContainer } from './model-trials';

export interface HostingServiceOptions {
  readonly state: StateFolder;
  /** How a model is tried when no endpoint process is there to do it. */
  readonly container: TrialContainer;
  readonly log: EndpointLog;
}

const KEPT_MEMBERS: Readonly<Record<HostingKind, readonly string[]>> = {
  models: [
    'PrimaryContainer',
    'Containers',
    'InferenceExecutionConfig',
    'ExecutionRoleArn',
    'VpcConfig',
    'EnableNetworkIsolation',
  ],
  'endpoint-configs': [
    'ProductionVariants',
    'DataCaptureConfig',
    'KmsKeyId',
    'AsyncInferenceConfig',
    'ExplainerConfig',
    'ExecutionRoleArn',
    'VpcConfig',
    'EnableNetworkIsolation',
    'MetricsConfig',
  ],
};
const KEPT_OF_DEPLOYMENT = [
  'DeploymentConfig',
  'RetainAllVariantProperties',
  'ExcludeRetainedVariantProperties',
  'RetainDeploymentConfig',
];
const ENDPOINT_STATUSES = ['Creating', 'Updating', 'InService', 'Failed'] as const;

export class HostingService implements ControlPlaneService {
  readonly operations: Operations = {
    CreateModel: (input) => this.#createModel(input),
    DescribeModel: (input) => this.#describeModel(input),
    CreateEndpointConfig: (input) => this.#createConfig(input),
    DescribeEndpointConfig: (input) => this.#describeConfig(input),
    ListEndpointConfigs: (input) => this.#listConfigs(input),
    CreateEndpoint: (input) => this.#createEndpoint(input),
    UpdateEndpoint: (input) => this.#updateEndpoint(input),
    DescribeEndpoint: (input) => this.#describeEndpoint(input),
    ListEndpoints: (input) => this.#listEndpoints(input),
  };
  readonly #state: StateFolder;
  readonly #hosted: HostedModels;
  readonly #packages: ModelPackages;
  readonly #data: ModelData;
  readonly #tags: Tags;
  readonly #trials: ModelTrials;

  constructor({ state, container, log }: HostingServiceOptions) {
    this.#state = state;
    this.#hosted = new HostedModels(state);
    this.#packages = new ModelPackages(state);
    this.#data = new ModelData(state);
    this.#tags = new Tags(state);
    this.#trials = new ModelTrials(state, container, log);
  }

  stop(): Promise<void> {
    return this.#trials.stop();
  }

  async #createModel(input: OperationInput): Promise<object> {
    const name = requiredText(input, 'ModelName', NAME);
    const arn = arnOf('model', name);
    const tags = tagsIn(input);
    await this.#requireServable(containerIn(input), input);
    await this.#create('models', name, input, `Cannot create already existing model "${arn}".`);
    await this.#tags.add(arn, tags);
    return { ModelArn: arn };
  }

  async #describeModel(input: OperationInput): Promise<object> {
    const name = requiredText(input, 'ModelName', NAME);
    const model = await this.#hosted.find('models', name);
    if (model === undefined) throw notFound('model', arnOf('model', name));
    return { ModelName: name, ModelArn: arnOf('model', name), CreationTime: model.created, ...model.members };
  }

  /** The service does not start what is not approved, and looks for the data at once. */
  async #requireServable(container: OperationInput, input: OperationInput): Promise<void> {
    const containers = optionalList(input, 'Containers', isObject) ?? [];
    if (containers.length > 1) throw refusal('Containers: on this machine a model has one container.');
    optionalTextMap(container, 'Environment');
    if (isText(container['ModelPackageName'])) {
      const modelPackage = await this.#packages.find(container['ModelPackageName']);
      if (modelPackage === undefined) throw refusal(`ModelPackage ${container['ModelPackageName']} does not exist.`);
      if (modelPackage.approvalStatus !== 'Approved') {
        throw refusal(
          `Model package ${modelPackage.arn} is ${modelPackage.approvalStatus}; only an Approved one can be deployed.`,
        );
      }
    } else if (!isText(container['Image']) || !isText(container['ModelDataUrl'])) {
      throw refusal('A container needs a ModelPackageName, or an Image and a ModelDataUrl.');
    }
    const { modelDataUrl } = await this.#hosted.sourceOf(container);
    if (modelDataUrl === undefined || !(await this.#data.exists(modelDataUrl))) {
      throw refusal(`Could not find model data at ${modelDataUrl ?? 'no place: the model package names none'}.`);
    }
  }

  async #createConfig(input: OperationInput): Promise<object> {
    const name = requiredText(input, 'EndpointConfigName', NAME);
    const arn = arnOf('endpoint-config', name);
    const tags = tagsIn(input);
    const [variant, ...others] = requiredList(input, 'ProductionVariants', isObject);
    if (variant === undefined || others.length > 0) {
      throw refusal('ProductionVariants: on this machine an endpoint has one variant.');
    }
    requiredText(variant, 'VariantName', NAME);
    const modelName = requiredText(variant, 'ModelName', NAME);
    if ((await this.#hosted.find('models', modelName)) === undefined) {
      throw notFound('model', arnOf('model', modelName));
    }
    await this.#create(
      'endpoint-configs',
      name,
      input,
      `Cannot create already existing endpoint configuration "${arn}".`,
    );
    await this.#tags.add(arn, tags);
    return { EndpointConfigArn: arn };
  }

  async #describeConfig(input: OperationInput): Promise<object> {
    const config = await this.#requireConfig(input);
    return { ...summaryOfConfig(config), ...config.members };
  }

  async #listConfigs(input: OperationInput): Promise<object> {
    const { items, rest } = pageOf(await this.#hosted.all('endpoint-configs'), input, {
      nameOf: ({ name }) => name,
      createdOf: ({ created }) => created,
      defaultOrder: 'Descending',
    });
    return { EndpointConfigs: items.map(summaryOfConfig), ...rest };
  }

  async #createEndpoint(input: OperationInput): Promise<object> {
    const name = requiredText(input, 'EndpointName', NAME);
    const arn = arnOf('endpoint', name);
    const { name: endpointConfigName } = await this.#requireConfig(input);
    const tags = tagsIn(input);
    const record = new EndpointRecord(this.#state, name);
    const members = membersOf(input, KEPT_OF_DEPLOYMENT);
    if (!(await record.request(1, { endpointConfigName, requested: Date.now() / 1000, members }))) {
      throw refusal(`Cannot create already existing endpoint "${arn}".`);
    }
    await this.#tags.add(arn, tags);
    await this.#progressOf(record);
    return { EndpointArn: arn };
  }

  async #updateEndpoint(input: OperationInput): Promise<object> {
    const { record, state, arn } = await this.#requireEndpoint(input);
    const { name: endpointConfigName } = await this.#requireConfig(input);
    const deployment = {
      endpointConfigName,
      requested: Date.now() / 1000,
      members: membersOf(input, KEPT_OF_DEPLOYMENT),
    };
    const isFree = state.latest.outcome !== undefined;
    if (!isFree || !(await record.request(state.latest.number + 1, deployment))) {
      throw refusal(`Cannot update in-progress endpoint "${arn}".`);
    }
    await this.#progressOf(record);
    return { EndpointArn: arn };
  }

  async #describeEndpoint(input: OperationInput): Promise<object> {
    const { state, arn } = await this.#requireEndpoint(input);
    const { latest, inService = latest } = state;
    const reason = latest.outcome?.failureReason;
    const isPending = statusOf(state) === 'Updating';
    return {
      ...summaryOfEndpoint(requiredText(input, 'EndpointName'), arn, state),
      EndpointConfigName: inService.endpointConfigName,
      ProductionVariants: await this.#variantsOf(inService),
      LastDeploymentConfig: latest.members['DeploymentConfig'],
      ...(reason === undefined ? {} : { FailureReason: reason }),
      ...(isPending
        ? { PendingDeploymentSummary: { EndpointConfigName: latest.endpointConfigName, StartTime: latest.requested } }
        : {}),
    };
  }

  async #variantsOf({ endpointConfigName, outcome }: NumberedDeployment): Promise<object[]> {
    const variant = await this.#hosted.variantOf(endpointConfigName);
    const { image } = await this.#hosted.sourceOf(await this.#hosted.containerOf(requiredText(variant, 'ModelName')));
    const deployed = { SpecifiedImage: image, ResolvedImage: image, ResolutionTime: outcome?.time };
    return [
      {
        VariantName: variant['VariantName'],
        ...(image === undefined ? {} : { DeployedImages: [deployed] }),
        CurrentWeight: 1,
        DesiredWeight: 1,
        CurrentInstanceCount: outcome === undefined ? 0 : 1,
        DesiredInstanceCount: 1,
      },
    ];
  }

  async #listEndpoints(input: OperationInput): Promise<object> {
    const status = optionalChoice(input, 'StatusEquals', ENDPOINT_STATUSES);
    const names = await EndpointRecord.names(this.#state);
    const endpoints = await Promise.all(
      names.map(async (name) => {
        const state = await this.#progressOf(new EndpointRecord(this.#state, name));
        return state === undefined ? [] : [{ name, state }];
      }),
    ).then((found) => found.flat());
    const wanted = endpoints.filter(({ state }) => status === undefined || statusOf(state) === status);
    const { items, rest } = pageOf(wanted, input, {
      nameOf: ({ name }) => name,
      createdOf: ({ state }) => state.created,
      defaultOrder: 'Descending',
    });
    return {
      Endpoints: items.map(({ name, state }) => summaryOfEndpoint(name, arnOf('endpoint', name), state)),
      ...rest,
    };
  }

  async #create(kind: HostingKind, name: string, input: OperationInput, isTaken: string): Promise<void> {
    const record = { name, created: Date.now() / 1000, members: membersOf(input, KEPT_MEMBERS[kind]) };
    if (!(await this.#hosted.create(kind, record))) throw refusal(isTaken);
  }

  async #requireConfig(input: OperationInput): Promise<HostingRecord> {
    const name = requiredText(input, 'EndpointConfigName', NAME);
    const config = await this.#hosted.find('endpoint-configs', name);
    if (config === undefined) throw notFound('endpoint configuration', arnOf('endpoint-config', name));
    return config;
  }

  async #requireEndpoint(
    input: OperationInput,
  ): Promise<{ record: EndpointRecord; state: EndpointState; arn: string }> {
    const name = requiredText(input, 'EndpointName', NAME);
    const record = new EndpointRecord(this.#state, name);
    const state = await this.#progressOf(record);
    const arn = arnOf('endpoint', name);
    if (state === undefined) throw notFound('endpoint', arn);
    return { record, state, arn };
  }

  /** The state of an endpoint; sees to it that somebody is at work on a deployment that is not decided. */
  async #progressOf(record: EndpointRecord): Promise<EndpointState | undefined> {
    const state = await record.read();
    if (state === undefined || state.latest.outcome !== undefined) return state;
    if ((await new EndpointProcesses(this.#state, record.name).running()) === undefined)
      this.#trials.start(record, state.latest);
    return state;
  }
}

/** DescribeEndpoint's status. A failed update leaves an endpoint in service, with the configuration from before. */
function statusOf({ latest, inService }: EndpointState): (typeof ENDPOINT_STATUSES)[number] {
  if (latest.outcome === undefined) return inService === undefined ? 'Creating' : 'Updating';
  return inService === undefined ? 'Failed' : 'InService';
}

function summaryOfEndpoint(name: string, arn: string, state: EndpointState): object {
  return {
    EndpointName: name,
    EndpointArn: arn,
    CreationTime: state.created,
    LastModifiedTime: state.latest.outcome?.time ?? state.latest.requested,
    EndpointStatus: statusOf(state),
  };
}

function summaryOfConfig({ name, created }: HostingRecord): object {
  return { EndpointConfigName: name, EndpointConfigArn: arnOf('endpoint-config', name), CreationTime: created };
}

function notFound(what: string, arn: string): SageMakerFault {
  return refusal(`Could not find ${what} "${arn}".`);
}

function refusal(message: string): SageMakerFault {
  return new SageMakerFault('ValidationException', message);
}

// SageMaker's control plane as a deployment sees it, over HTTP: it keeps model packages, models, configurations and
// endpoints with SageMaker's rules and words, and does on demand what the real one does rarely. Every request and
// answer is held against the SDK's own shapes. The one request to S3 that a deployment makes is taken too, and Application Auto
// Scaling's for endpoints.
import * as autoScaling from '@aws-sdk/client-application-auto-scaling';
import { S3Client } from '@aws-sdk/client-s3';
import * as sdk from '@aws-sdk/client-sagemaker';
import { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { Members, ScriptedAws, sendAwsJson } from './scripted-aws';

export const ACCOUNT = 'arn:aws:sagemaker:eu-central-1:111122223333';
export const GROUP = 'image-classifier';

/** How an update or a creation ends. */
export type Ending = 'succeeds' | 'fails';

interface Endpoint {
  status: sdk.EndpointStatus;
  configName: string;
  pendingConfigName?: string | undefined;
  failureReason?: string | undefined;
  instanceCount?: number | undefined;
  tags: Map<string, string>;
}

export interface Failure {
  readonly type: string;
  readonly message: string;
  readonly status?: number;
  /** Of the next calls; one when left out. */
  readonly times?: number;
  /** Whether what was asked for is done all the same. */
  readonly isDone?: boolean;
}

export interface Call {
  readonly operation: string;
  readonly input: Members;
}

export class ScriptedSageMaker extends ScriptedAws {
  readonly calls: Call[] = [];
  /** Copies of objects in S3, each as `s3://from -> s3://to`. */
  readonly copies: string[] = [];
  readonly endpoints = new Map<string, Endpoint>();
  readonly models = new Map<string, Members>();
  readonly configs = new Map<string, Members>();
  /** What autoscaling may do, by the ARN's end of the variant: `endpoint/x/variant/AllTraffic`. */
  readonly scalableTargets = new Map<string, Members>();
  /** Versions that ListModelPackages does not know of yet. */
  readonly unlisted = new Set<number>();
  /**
   * With an endpoint that is described so many times while something is under way, it ends; otherwise only `settle`
   * ends it.
   */
  settlesAfterLooks = Infinity;
  private ending: Ending = 'succeeds';
  private looks = 0;
  private readonly packages = new Map<number, Members>();
  private readonly failures = new Map<string, Failure[]>();

  private constructor() {
    super({ ...sdk, ...autoScaling });
  }

  static start(): Promise<ScriptedSageMaker> {
    return new ScriptedSageMaker().listen();
  }

  client(): sdk.SageMakerClient {
    return this.keep({ client: new sdk.SageMakerClient(this.clientOptions) }).client;
  }

  autoScaling(): autoScaling.ApplicationAutoScalingClient {
    return this.keep({ client: new autoScaling.ApplicationAutoScalingClient(this.clientOptions) }).client;
  }

  s3(): S3Client {
    return this.keep({ client: new S3Client({ ...this.clientOptions, forcePathStyle: true }) }).client;
  }

  /** Registers the next version, and returns its ARN. */
  register(approval: sdk.ModelApprovalStatus = 'Approved', metadata?: Record<string, string>): string {
    const number = this.packages.size + 1;
    const arn = `${ACCOUNT}:model-package/${GROUP}/${number}`;
    this.packages.set(number, {
      ModelPackageGroupName: GROUP,
      ModelPackageVersion: number,
      ModelPackageArn: arn,
      ModelPackageName: GROUP,
      CreationTime: 1_790_000_000 + number,
      ModelPackageStatus: 'Completed',
      ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
      ModelApprovalStatus: approval,
      InferenceSpecification: {
        Containers: [{ Image: 'model:1', ModelDataUrl: `s3://models/${number}/model.tar.gz` }],
        SupportedContentTypes: ['image/jpeg'],
      },
      ...(metadata === undefined ? {} : { CustomerMetadataProperties: metadata }),
    });
    return arn;
  }

  /** Changes what the registry holds of a version; undefined deletes it. */
  change(arn: string, members: Members | undefined): void {
    const number = Number(arn.split('/').at(2));
    if (members === undefined) this.packages.delete(number);
    else this.packages.set(number, { ...this.packages.get(number), ...members });
  }

  packageAt(arn: string): Members | undefined {
    return this.packages.get(Number(arn.split('/').at(2)));
  }

  failNext(operation: string, failure: Failure): void {
    this.failures.set(operation, [
      ...(this.failures.get(operation) ?? []),
      ...Array<Failure>(failure.times ?? 1).fill(failure),
    ]);
  }

  /** What is under way, and what will be, ends like this. */
  next(ending: Ending): void {
    this.ending = ending;
  }

  /** Ends what is under way with any endpoint. */
  settle(): void {
    for (const [name, endpoint] of this.endpoints) {
      if (endpoint.status === 'Deleting') this.endpoints.delete(name);
      if (endpoint.status === 'Creating') {
        endpoint.status = this.ending === 'succeeds' ? 'InService' : 'Failed';
        endpoint.failureReason = this.ending === 'succeeds' ? undefined : PING_FAILED;
      }
      if (endpoint.status === 'Updating') {
        // Seen on AWS by the tests of aws-controllers-k8s/sagemaker-controller (update_endpoint_failed_test): a
        // failed update ends InService, with the old configuration and a reason.
        endpoint.status = 'InService';
        endpoint.failureReason = this.ending === 'succeeds' ? undefined : PING_FAILED;
        if (this.ending === 'succeeds' && endpoint.pendingConfigName !== undefined)
          endpoint.configName = endpoint.pendingConfigName;
      }
      endpoint.pendingConfigName = undefined;
    }
    this.looks = 0;
  }

  endpoint(name = 'image-classifier'): Endpoint {
    const endpoint = this.endpoints.get(name);
    if (endpoint === undefined) throw new Fault(`Could not find endpoint "${ACCOUNT}:endpoint/${name}".`);
    return endpoint;
  }

  inputsOf(operation: string): Members[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'PUT') {
      this.copies.push(copyOf(request));
      response.writeHead(200, { 'content-type': 'application/xml' }).end('<CopyObjectResult></CopyObjectResult>');
      return;
    }
    const operation = String(request.headers['x-amz-target']).replace(/^\w+\./, '');
    const { status, body } = this.outcome(operation, (await json(request)) as Members);
    sendAwsJson(response, body, status);
  }

  private outcome(operation: string, input: Members): { status: number; body: object } {
    this.calls.push({ operation, input });
    const failure = this.failures.get(operation)?.shift();
    if (failure === undefined) return this.done(operation, input);
    if (failure.isDone === true) this.done(operation, input);
    return { status: failure.status ?? 400, body: { __type: failure.type, message: failure.message } };
  }

  private done(operation: string, input: Members): { status: number; body: object } {
    try {
      if (!(operation in this.operations)) throw new Error(`${operation} is not scripted`);
      return { status: 200, body: this.runChecked(operation, input) };
    } catch (error) {
      const type = error instanceof Fault ? error.type : 'InternalFailure';
      return {
        status: error instanceof Fault ? 400 : 500,
        body: { __type: type, message: (error as Error).message },
      };
    }
  }

  protected run(operation: string, input: Members): Members {
    return this.operations[operation]?.(input) ?? {};
  }

  private readonly operations: Record<string, (input: Members) => Members | undefined> = {
    DescribeModelPackage: ({ ModelPackageName: arn }) => this.foundPackage(String(arn)),
    ListModelPackages: ({ ModelApprovalStatus: approval }) => ({
      ModelPackageSummaryList: [...this.packages.values()]
        .filter(
          (each) =>
            (approval === undefined || each['ModelApprovalStatus'] === approval) &&
            !this.unlisted.has(Number(each['ModelPackageVersion'])),
        )
        .map(
          ({ ModelPackageStatusDetails: _, InferenceSpecification: __, CustomerMetadataProperties: ___, ...summary }) =>
            summary,
        ),
    }),
    UpdateModelPackage: ({ ModelPackageArn: arn, ...members }) => {
      this.foundPackage(String(arn));
      this.change(String(arn), members);
      return { ModelPackageArn: arn };
    },
    CreateModel: (input) => {
      const arn = create(this.models, 'model', String(input['ModelName']), input, 'ModelArn');
      for (const { ModelPackageName } of input['Containers'] as Members[]) this.foundPackage(String(ModelPackageName));
      return { ModelArn: arn };
    },
    DescribeModel: ({ ModelName }) => find(this.models, 'model', String(ModelName)),
    CreateEndpointConfig: (input) => {
      const [variant] = input['ProductionVariants'] as [Members];
      find(this.models, 'model', String(variant['ModelName']));
      const arn = create(
        this.configs,
        'endpoint-config',
        String(input['EndpointConfigName']),
        input,
        'EndpointConfigArn',
      );
      return { EndpointConfigArn: arn };
    },
    DescribeEndpointConfig: ({ EndpointConfigName }) =>
      find(this.configs, 'endpoint-config', String(EndpointConfigName)),
    CreateEndpoint: ({ EndpointName, EndpointConfigName, Tags = [] }) => {
      const name = String(EndpointName);
      const arn = `${ACCOUNT}:endpoint/${name}`;
      if (this.endpoints.has(name)) throw new Fault(`Cannot create already existing endpoint "${arn}".`);
      find(this.configs, 'endpoint-config', String(EndpointConfigName));
      this.endpoints.set(name, { status: 'Creating', configName: String(EndpointConfigName), tags: tagMap(Tags) });
      return { EndpointArn: arn };
    },
    UpdateEndpoint: ({ EndpointName, EndpointConfigName, DeploymentConfig }) => {
      const endpoint = this.endpoint(String(EndpointName));
      const arn = `${ACCOUNT}:endpoint/${String(EndpointName)}`;
      if (endpoint.status === 'Failed') throw new Fault(`Cannot update endpoint "${arn}" in Failed state.`);
      if (endpoint.status !== 'InService') throw new Fault(`Cannot update in-progress endpoint "${arn}".`);
      const config = find(this.configs, 'endpoint-config', String(EndpointConfigName));
      if (endpoint.configName === EndpointConfigName) {
        throw new Fault(
          `Cannot update endpoint with the currently in use endpoint configuration "${EndpointConfigName}".`,
        );
      }
      this.refuseBadDeployment(endpoint, config, DeploymentConfig as sdk.DeploymentConfig | undefined);
      endpoint.status = 'Updating';
      endpoint.pendingConfigName = String(EndpointConfigName);
      return { EndpointArn: arn };
    },
    DescribeEndpoint: ({ EndpointName }) => {
      if (++this.looks > this.settlesAfterLooks) this.settle();
      return this.described(String(EndpointName));
    },
    DeleteEndpoint: ({ EndpointName }) => {
      const endpoint = this.endpoint(String(EndpointName));
      if (!['InService', 'Failed', 'OutOfService'].includes(endpoint.status))
        throw new Fault(`Cannot update in-progress endpoint.`);
      // Deleting an endpoint that autoscaling still holds fails (awslabs/stable-diffusion-aws-extension#161).
      if ([...this.scalableTargets.keys()].some((id) => id.startsWith(`endpoint/${String(EndpointName)}/`)))
        throw new Fault('Cannot delete an endpoint with scalable targets.');
      endpoint.status = 'Deleting';
      return undefined;
    },
    AddTags: ({ ResourceArn, Tags }) => {
      const { tags } = this.endpoint(String(ResourceArn).split('/').at(1));
      for (const [key, value] of tagMap(Tags)) tags.set(key, value);
      return { Tags: tagList(tags) };
    },
    RegisterScalableTarget: ({ ResourceId, ...members }) => {
      this.variantInService(String(ResourceId));
      this.scalableTargets.set(String(ResourceId), { ...this.scalableTargets.get(String(ResourceId)), ...members });
      return { ScalableTargetARN: 'arn:aws:application-autoscaling:eu-central-1:111122223333:scalable-target/1' };
    },
    PutScalingPolicy: ({ ResourceId, ...policy }) => {
      const target = this.scalableTarget(String(ResourceId));
      this.scalableTargets.set(String(ResourceId), { ...target, policy });
      return { PolicyARN: 'arn:aws:autoscaling:eu-central-1:111122223333:scalingPolicy:1' };
    },
    DeregisterScalableTarget: ({ ResourceId }) => {
      this.scalableTarget(String(ResourceId));
      this.scalableTargets.delete(String(ResourceId));
      return {};
    },
    ListTags: ({ ResourceArn }) => ({ Tags: tagList(this.endpoint(String(ResourceArn).split('/').at(1)).tags) }),
  };

  private variantInService(resource: string): void {
    const [, name = '', , variant] = resource.split('/');
    if (this.endpoint(name).status !== 'InService' || variant !== 'AllTraffic')
      throw new Fault('The variant does not exist, or is not in service.');
  }

  private scalableTarget(resource: string): Members {
    const target = this.scalableTargets.get(resource);
    if (target === undefined) throw new Fault(`No scalable target found for ${resource}.`, 'ObjectNotFoundException');
    return target;
  }

  private foundPackage(arn: string): Members {
    const found = this.packageAt(arn);
    if (found === undefined) throw new Fault(`ModelPackage ${arn} does not exist.`);
    return found;
  }

  private described(name: string): Members {
    const { status, configName, pendingConfigName, failureReason, instanceCount } = this.endpoint(name);
    const [variant] = (this.configs.get(configName)?.['ProductionVariants'] ?? [{}]) as [Members];
    const serverless = variant['ServerlessConfig'];
    const count = instanceCount ?? variant['InitialInstanceCount'];
    const underWay = pendingConfigName ?? (status === 'Creating' ? configName : undefined);
    return {
      EndpointName: name,
      EndpointArn: `${ACCOUNT}:endpoint/${name}`,
      EndpointConfigName: configName,
      EndpointStatus: status,
      CreationTime: 1_790_000_000,
      LastModifiedTime: 1_790_000_000,
      ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
      ...(status === 'Creating'
        ? {}
        : {
            ProductionVariants: [
              serverless === undefined
                ? { VariantName: 'AllTraffic', CurrentInstanceCount: count, DesiredInstanceCount: count }
                : {
                    VariantName: 'AllTraffic',
                    CurrentServerlessConfig: serverless,
                    DesiredServerlessConfig: serverless,
                  },
            ],
          }),
      ...(underWay === undefined
        ? {}
        : {
            PendingDeploymentSummary: {
              EndpointConfigName: underWay,
              ProductionVariants: [
                {
                  VariantName: 'AllTraffic',
                  VariantStatus: [{ Status: 'Creating', StatusMessage: 'Launching 1 instance(s).' }],
                },
              ],
            },
          }),
    };
  }

  private refuseBadDeployment(endpoint: Endpoint, config: Members, deployment: sdk.DeploymentConfig | undefined): void {
    const [variant] = config['ProductionVariants'] as [Members];
    const [current] = this.configs.get(endpoint.configName)?.['ProductionVariants'] as [Members];
    if ((variant['ServerlessConfig'] === undefined) !== (current['ServerlessConfig'] === undefined)) {
      throw new Fault('Cannot change an endpoint between serverless and instances.');
    }
    if (deployment === undefined) return;
    if (variant['ServerlessConfig'] !== undefined) throw new Fault('DeploymentConfig is not for serverless endpoints.');
    const count = endpoint.instanceCount ?? Number(current['InitialInstanceCount']);
    const { CanarySize, LinearStepSize } = deployment.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration ?? {};
    const part = (CanarySize ?? LinearStepSize)?.Value;
    if (part === undefined) return;
    if (part < 1 || part > count / 2) throw new Fault(`A part of ${part} is not at most half of ${count} instances.`);
    if (LinearStepSize !== undefined && part < count / 10)
      throw new Fault(`A step of ${part} is less than a tenth of ${count}.`);
  }
}

function copyOf({ url = '', headers }: IncomingMessage): string {
  const source = decodeURIComponent(String(headers['x-amz-copy-source']));
  return `s3://${source} -> s3:/${decodeURIComponent(new URL(url, 'http://s3').pathname)}`;
}

const PING_FAILED =
  'The primary container for production variant AllTraffic did not pass the ping health check. ' +
  'Please check CloudWatch logs for this endpoint.';

class Fault extends Error {
  constructor(
    message: string,
    readonly type = 'ValidationException',
  ) {
    super(message);
  }
}

const NAMES: Record<string, string> = { model: 'model', 'endpoint-config': 'endpoint configuration' };

function create(records: Map<string, Members>, kind: string, name: string, input: Members, arnMember: string): string {
  const arn = `${ACCOUNT}:${kind}/${name}`;
  if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name)) throw new Fault(`"${name}" is not a name`);
  if (records.has(name)) throw new Fault(`Cannot create already existing ${NAMES[kind] ?? kind} "${arn}".`);
  records.set(name, { ...input, [arnMember]: arn, CreationTime: 1_790_000_000 });
  return arn;
}

function find(records: Map<string, Members>, kind: string, name: string): Members {
  const found = records.get(name);
  if (found === undefined) throw new Fault(`Could not find ${NAMES[kind] ?? kind} "${ACCOUNT}:${kind}/${name}".`);
  return found;
}

/** SageMaker's limits of a tag. */
function tagMap(tags: unknown): Map<string, string> {
  return new Map(
    (tags as sdk.Tag[]).map(({ Key = '', Value = '' }) => {
      if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(Key)) throw new Fault(`"${Key}" is not a tag key`);
      if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(Value)) throw new Fault(`"${Value}" is not a tag value`);
      return [Key, Value];
    }),
  );
}

function tagList(tags: ReadonlyMap<string, string>): sdk.Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

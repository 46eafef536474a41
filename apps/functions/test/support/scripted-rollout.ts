// CodeDeploy, ECS, the load balancer and Lambda as verify-deployment sees them, over HTTP. An invocation runs the real prober. Requests
// and answers in JSON are held against the SDK's own shapes.
import * as codeDeploy from '@aws-sdk/client-codedeploy';
import * as ecs from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client, type TargetHealthStateEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Members, ScriptedAws, sendAwsJson } from '../../../../test/support/scripted-aws';

export const DEPLOYMENT = 'd-NEW000000';
export const PROBER = 'probe-targets';

interface Health {
  readonly url: string;
  readonly state: TargetHealthStateEnum;
  readonly description?: string;
}

export class ScriptedRollout extends ScriptedAws {
  readonly operations: string[] = [];
  /** What CodeDeploy was told, in order. */
  readonly told: unknown[] = [];
  group = 'web';
  /** What the load balancer says of the tasks of the new version, and of the one that serves now. */
  fresh: readonly Health[] = [];
  serving: readonly Health[] = [];
  dockerLabels: Readonly<Record<string, string>> | undefined;
  /** Whether ECS has made the new tasks. */
  isMade = true;
  /** The first is the answer to the next call of the operation, in place of what is scripted. */
  readonly failures: { readonly operation: string; readonly type: string; readonly message: string }[] = [];
  /** Called with each operation before it is answered. */
  before: (operation: string) => void = () => undefined;
  invoke: (event: unknown) => Promise<unknown> = () => Promise.reject(new Error('nobody is to be invoked'));

  private constructor() {
    super({ ...ecs, ...codeDeploy });
  }

  static start(): Promise<ScriptedRollout> {
    return new ScriptedRollout().listen();
  }

  connect() {
    const options = this.clientOptions;
    return this.keep({
      codeDeploy: new codeDeploy.CodeDeployClient({ ...options, maxAttempts: 3 }),
      ecs: new ecs.ECSClient(options),
      loadBalancing: new ElasticLoadBalancingV2Client(options),
      lambda: new LambdaClient(options),
    });
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const target = request.headers['x-amz-target'];
    const operation =
      typeof target === 'string'
        ? (target.split('.').at(-1) ?? '')
        : (new URLSearchParams(body).get('Action') ?? 'Invoke');
    this.operations.push(operation);
    this.before(operation);
    const failing = this.failures.findIndex((failure) => failure.operation === operation);
    const [failure] = failing === -1 ? [] : this.failures.splice(failing, 1);
    if (failure !== undefined) {
      const { type, message } = failure;
      sendAwsJson(response, { __type: type, message }, type === 'ServerException' ? 500 : 400);
    } else if (operation === 'Invoke') {
      await this.invocation(request, JSON.parse(body), response);
    } else if (operation === 'DescribeTargetHealth') {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(this.targetHealth(new URLSearchParams(body).get('TargetGroupArn') ?? ''));
    } else {
      sendAwsJson(response, this.runChecked(operation, JSON.parse(body) as Members));
    }
  }

  private async invocation(request: IncomingMessage, event: unknown, response: ServerResponse): Promise<void> {
    if (request.url !== `/2015-03-31/functions/${PROBER}/invocations`) this.shapeFaults.push(`invoked ${request.url}`);
    try {
      response.end(JSON.stringify(await this.invoke(event)));
    } catch (error) {
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' });
      response.end(JSON.stringify({ errorMessage: String(error) }));
    }
  }

  protected run(operation: string, input: Members): Members {
    switch (operation) {
      case 'GetDeployment': // the content of the appspec is always left out
        return {
          deploymentInfo: {
            applicationName: 'image-classifier-demo',
            deploymentGroupName: this.group,
            deploymentId: input['deploymentId'],
            revision: { revisionType: 'AppSpecContent', appSpecContent: { sha256: '0'.repeat(64) } },
          },
        };
      case 'DescribeServices':
        return { services: [{ serviceName: this.group, taskSets: this.taskSets(input['services']) }] };
      case 'DescribeTaskDefinition': {
        const { dockerLabels } = this;
        const app = { name: 'app', ...(dockerLabels === undefined ? {} : { dockerLabels }) };
        return { taskDefinition: { taskDefinitionArn: input['taskDefinition'], containerDefinitions: [app] } };
      }
      case 'PutLifecycleEventHookExecutionStatus':
        this.told.push(input);
        return { lifecycleEventHookExecutionId: input['lifecycleEventHookExecutionId'] };
      default:
        throw new Error(`${operation} is not scripted`);
    }
  }

  private taskSets(services: unknown): Members[] {
    if (JSON.stringify(services) !== JSON.stringify([this.group])) return [];
    const taskSet = (colour: string, status: string, externalId: string) => ({
      ...{
        id: `ecs-svc/${colour}`,
        status,
        externalId,
        startedBy: 'CODE_DEPLOY',
        taskDefinition: `${this.group}:${colour}`,
      },
      loadBalancers: [{ targetGroupArn: colour, containerName: 'app', containerPort: 8080 }],
    });
    const serving = taskSet('serving', 'PRIMARY', 'd-OLD000000');
    return this.isMade ? [serving, taskSet('fresh', 'ACTIVE', DEPLOYMENT)] : [serving];
  }

  private targetHealth(targetGroup: string): string {
    const members = (targetGroup === 'fresh' ? this.fresh : this.serving).map(({ url, state, description }) => {
      const { hostname, port } = new URL(url);
      const why = description === undefined ? '' : `<Description>${description}</Description>`;
      return `<member><Target><Id>${hostname}</Id><Port>${port}</Port></Target><TargetHealth><State>${state}</State>${why}</TargetHealth></member>`;
    });
    return `<DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions>${members.join('')}</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>`;
  }
}

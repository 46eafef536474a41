// ECR, ECS, SSM and S3 as a build sees them, over HTTP. What is pushed by the recording docker is in the registry here; every call is
// written into the same record. Requests and answers are held against the SDK's own shapes.
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as ssm from '@aws-sdk/client-ssm';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Members, ScriptedAws, sendAwsJson } from '../../support/scripted-aws';
import {
  demoVariant,
  describedService,
  handedOver,
  registeredDefinition,
  SERVICES,
  ServiceName,
} from './template-account';

class Refusal extends Error {
  constructor(readonly type: string) {
    super(`refused: ${type}`);
  }
}

export class ScriptedAccount extends ScriptedAws {
  /** SSM, by name. */
  readonly values = handedOver(demoVariant());
  /** S3, keys of the build bucket. */
  readonly objects = new Map<string, Buffer>();
  /** Names and severities of what scans find, by repository. */
  readonly findings = new Map<string, readonly { readonly name: string; readonly severity: ecr.FindingSeverity }[]>();
  /** What scans say one call after the other, the last for ever: `COMPLETE` when nothing is said. */
  scanStatuses: (ecr.ScanStatus | 'NOT_FOUND')[] = [];
  /** By ARN, oldest first. */
  readonly definitions = new Map<string, ecs.TaskDefinition>();
  readonly services = new Map<ServiceName, ecs.Service>();

  private constructor(
    /** Where the recording commands write. */
    readonly record: string,
  ) {
    super({ ...ecr, ...ecs, ...ssm });
    for (const name of SERVICES) {
      const definition = registeredDefinition(demoVariant(), name);
      this.definitions.set(definition.taskDefinitionArn ?? '', definition);
      this.services.set(name, describedService(this.values, name));
    }
  }

  static start(record: string): Promise<ScriptedAccount> {
    return new ScriptedAccount(record).listen();
  }

  /** What has been rolled out: the definition runs in place of the one before. */
  rollOut(name: ServiceName, definition: ecs.TaskDefinition): void {
    this.register(definition);
    const service = this.services.get(name);
    const taskDefinition = definition.taskDefinitionArn ?? '';
    const taskSets = service?.taskSets?.map((colour) => ({ ...colour, taskDefinition }));
    this.services.set(name, { ...service, ...(taskSets === undefined ? { taskDefinition } : { taskSets }) });
  }

  register(definition: ecs.TaskDefinition): void {
    this.definitions.set(definition.taskDefinitionArn ?? '', definition);
  }

  static digestOf(repository: string, tag: string): string {
    return `sha256:${createHash('sha256').update(`${repository}:${tag}`).digest('hex')}`;
  }

  private note(line: string): void {
    appendFileSync(join(this.record, 'calls'), `sdk ${line}\n`);
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const target = request.headers['x-amz-target'];
    if (typeof target !== 'string') {
      this.object(request, body, response);
      return;
    }
    const operation = target.split('.').at(-1) ?? '';
    const input = JSON.parse(body.toString()) as Members;
    this.note([operation, ...subjectsOf(input)].join(' '));
    const [status, document] = this.outcome(operation, input);
    sendAwsJson(response, document, status);
  }

  private outcome(operation: string, input: Members): [status: number, document: Members] {
    try {
      return [200, this.runChecked(operation, input)];
    } catch (error) {
      if (error instanceof Refusal) return [400, { __type: error.type, message: error.message }];
      this.shapeFaults.push(String(error));
      return [400, { __type: 'ValidationException', message: String(error) }];
    }
  }

  protected run(operation: string, input: Members): Members {
    switch (operation) {
      case 'DescribeImages':
        return this.images(input as unknown as ecr.DescribeImagesRequest); // its shape was looked at, as of those below
      case 'DescribeImageScanFindings':
        return this.scan(input as unknown as ecr.DescribeImageScanFindingsRequest);
      case 'GetParameters': {
        const names = input['Names'] as string[];
        const known = names.filter((name) => this.values.has(name));
        return {
          Parameters: known.map((Name) => ({ Name, Type: 'String', Value: this.values.get(Name) })),
          InvalidParameters: names.filter((name) => !known.includes(name)),
        };
      }
      case 'PutParameter':
        this.values.set(String(input['Name']), String(input['Value']));
        return { Version: 1 };
      case 'DescribeServices': {
        const asked = input['services'] as string[];
        return { services: [...this.services.values()].filter(({ serviceName = '' }) => asked.includes(serviceName)) };
      }
      case 'DescribeTaskDefinition':
        return { taskDefinition: this.definition(String(input['taskDefinition'])) };
      default:
        throw new Error(`${operation} is not scripted`);
    }
  }

  private images({ repositoryName = '', imageIds = [] }: ecr.DescribeImagesRequest): Members {
    const tag = imageIds[0]?.imageTag ?? '';
    if (!existsSync(join(this.record, 'registry', repositoryName, tag))) throw new Refusal('ImageNotFoundException');
    return {
      imageDetails: [{ repositoryName, imageTags: [tag], imageDigest: ScriptedAccount.digestOf(repositoryName, tag) }],
    };
  }

  private scan({ repositoryName = '' }: ecr.DescribeImageScanFindingsRequest): Members {
    const status = (this.scanStatuses.length > 1 ? this.scanStatuses.shift() : this.scanStatuses[0]) ?? 'COMPLETE';
    if (status === 'NOT_FOUND') throw new Refusal('ScanNotFoundException');
    const findings = status === 'COMPLETE' ? (this.findings.get(repositoryName) ?? []) : [];
    return { imageScanStatus: { status }, ...(status === 'COMPLETE' ? { imageScanFindings: { findings } } : {}) };
  }

  /** By its ARN, or the newest of a family. */
  private definition(name: string): ecs.TaskDefinition {
    const newest = [...this.definitions.values()].filter(({ family }) => family === name).at(-1);
    const found = this.definitions.get(name) ?? newest;
    if (found === undefined) throw new Refusal('ClientException');
    return found;
  }

  private object({ method = '', url = '/' }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const key = decodeURIComponent(new URL(url, this.url).pathname).split('/').slice(2).join('/');
    this.note(`${method === 'PUT' ? 'PutObject' : 'HeadObject'} ${key}`);
    if (method === 'PUT') this.objects.set(key, body);
    response.writeHead(method === 'PUT' || this.objects.has(key) ? 200 : 404).end();
  }
}

/** What a call is about, for the record. */
function subjectsOf(input: Members): string[] {
  const { repositoryName, Name, taskDefinition } = input;
  return [repositoryName, Name, taskDefinition].filter((subject) => typeof subject === 'string');
}

// SageMaker Pipelines, S3 and the parameters of Systems Manager as start-training sees them, over HTTP. Requests and answers are held against the SDK's own shapes.
import { S3Client } from '@aws-sdk/client-s3';
import * as sdk from '@aws-sdk/client-sagemaker';
import * as systems from '@aws-sdk/client-ssm';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { inputFaults, OperationSchema, outputFaults } from '../../../../test/support/sdk-shapes';

type Members = Record<string, unknown>;

export const PIPELINE_ARN = 'arn:aws:sagemaker:eu-central-1:111122223333:pipeline/image-classifier';

interface Run {
  readonly arn: string;
  readonly token: string;
  readonly name: string;
  readonly parameters: readonly sdk.Parameter[];
  status: sdk.PipelineExecutionStatus;
}

export class ScriptedTraining {
  readonly shapeFaults: string[] = [];
  readonly operations: string[] = [];
  /** Oldest first. */
  readonly runs: Run[] = [];
  /** By `bucket/key`. */
  readonly objects = new Map<string, { readonly text: string; readonly written: Date }>();
  /** Of Systems Manager, by name. */
  readonly values = new Map<string, string>();
  /** By the operation that fails in this way. */
  readonly refused = new Map<string, { readonly type: string; readonly message: string }>();
  /** Of the next call. */
  failNext: { readonly type: string; readonly message: string } | undefined;
  private readonly clients: { destroy(): void }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedTraining> {
    const server = createServer();
    const training = new ScriptedTraining(server);
    server.on('request', (request, response) => void training.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return training;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** For a process that talks to it by the AWS SDK. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on a port
    return {
      ...{ AWS_ENDPOINT_URL: url, AWS_REGION: 'eu-central-1', AWS_MAX_ATTEMPTS: '1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    };
  }

  connect(): { sageMaker: sdk.SageMakerClient; s3: S3Client; ssm: systems.SSMClient } {
    const options = {
      endpoint: this.environment['AWS_ENDPOINT_URL'] ?? '',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    };
    const clients = {
      sageMaker: new sdk.SageMakerClient(options),
      s3: new S3Client({ ...options, forcePathStyle: true }),
      ssm: new systems.SSMClient(options),
    };
    this.clients.push(...Object.values(clients));
    return clients;
  }

  /** Parameters of a run by name. */
  parametersOf(run: Run | undefined): Record<string, string> {
    return Object.fromEntries((run?.parameters ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const target = request.headers['x-amz-target'];
    if (typeof target !== 'string') {
      this.object(request, body, response);
      return;
    }
    const operation = target.split('.').at(-1) ?? '';
    this.operations.push(operation);
    const failure = this.failNext ?? this.refused.get(operation) ?? this.missing(operation, body);
    this.failNext = undefined;
    const [status, document] =
      failure === undefined
        ? [200, this.done(operation, JSON.parse(body.toString()) as Members)]
        : [400, { __type: failure.type, message: failure.message }];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(document));
  }

  private missing(operation: string, body: Buffer): typeof this.failNext {
    if (operation !== 'GetParameter') return undefined;
    const { Name = '' } = JSON.parse(body.toString()) as systems.GetParameterRequest; // its shape is looked at when there is one
    return this.values.has(Name) ? undefined : { type: 'ParameterNotFound', message: Name };
  }

  private done(operation: string, input: Members): Members {
    const schema = ({ ...sdk, ...systems } as Members)[`${operation}$`] as OperationSchema; // the SDK has one for each
    this.shapeFaults.push(...inputFaults(schema, input).map((fault) => `input of ${operation}: ${fault}`));
    const output = this.run(operation, input);
    this.shapeFaults.push(...outputFaults(schema, output).map((fault) => `output of ${operation}: ${fault}`));
    return output;
  }

  private run(operation: string, input: Members): Members {
    switch (operation) {
      case 'StartPipelineExecution': {
        const { PipelineExecutionDisplayName, PipelineParameters, ClientRequestToken } =
          input as unknown as sdk.StartPipelineExecutionRequest; // its shape was looked at
        const token = ClientRequestToken ?? '';
        const known = this.runs.find((run) => run.token === token);
        if (known !== undefined) return { PipelineExecutionArn: known.arn };
        const arn = `${PIPELINE_ARN}/execution/run${this.runs.length + 1}`;
        const name = PipelineExecutionDisplayName ?? '';
        this.runs.push({ arn, token, name, parameters: PipelineParameters ?? [], status: 'Executing' });
        return { PipelineExecutionArn: arn };
      }
      case 'ListPipelineExecutions':
        return {
          PipelineExecutionSummaries: [...this.runs].reverse().map(({ arn, status, name }) => ({
            ...{ PipelineExecutionArn: arn, PipelineExecutionStatus: status, PipelineExecutionDisplayName: name },
          })),
        };
      case 'ListPipelineParametersForExecution':
        return { PipelineParameters: this.runs.find(({ arn }) => arn === input['PipelineExecutionArn'])?.parameters };
      case 'GetParameter':
        return { Parameter: { Name: input['Name'], Value: this.values.get(String(input['Name'])) } };
      default:
        throw new Error(`${operation} is not scripted`);
    }
  }

  private object({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url ?? '/', 'http://s3');
    const name = decodeURIComponent(pathname.slice(1));
    if (searchParams.get('list-type') === '2') {
      this.operations.push('ListObjectsV2');
      response.end(this.listing(name.replace(/\/$/, ''), searchParams));
    } else if (method === 'PUT') {
      this.operations.push('PutObject');
      const isChunked = headers['content-encoding'] === 'aws-chunked';
      this.objects.set(name, { text: isChunked ? unchunked(body) : body.toString(), written: new Date() });
      response.end();
    } else {
      this.operations.push('GetObject');
      const found = this.objects.get(name);
      if (found === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      else response.end(found.text);
    }
  }

  private listing(bucket: string, parameters: URLSearchParams): string {
    const prefix = `${bucket}/${parameters.get('prefix') ?? ''}`;
    const delimiter = parameters.get('delimiter');
    const keys: string[] = [];
    const folders = new Set<string>();
    for (const [name, { written }] of this.objects) {
      if (!name.startsWith(prefix)) continue;
      const end = delimiter === null ? -1 : name.indexOf(delimiter, prefix.length);
      const key = name.slice(bucket.length + 1);
      if (end >= 0) folders.add(name.slice(bucket.length + 1, end + 1));
      else keys.push(`<Contents><Key>${key}</Key><LastModified>${written.toISOString()}</LastModified></Contents>`);
    }
    const prefixes = [...folders].map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
    const all = [...keys, ...prefixes].join('');
    return `<ListBucketResult><KeyCount>${keys.length}</KeyCount><IsTruncated>false</IsTruncated>${all}</ListBucketResult>`;
  }
}

/** The first chunk of a body with a trailing checksum: `size CRLF bytes CRLF 0 CRLF trailers`. */
function unchunked(body: Buffer): string {
  const end = body.indexOf('\r\n');
  return body.subarray(end + 2, end + 2 + parseInt(body.toString('latin1', 0, end), 16)).toString();
}

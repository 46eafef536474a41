// SageMaker Pipelines, S3 and the parameters of Systems Manager as start-training sees them, over HTTP. Requests and answers are held against the SDK's own shapes.
import { S3Client } from '@aws-sdk/client-s3';
import * as sdk from '@aws-sdk/client-sagemaker';
import * as systems from '@aws-sdk/client-ssm';
import { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Members, ScriptedAws, sendAwsJson } from '../../../../test/support/scripted-aws';

export const PIPELINE_ARN = 'arn:aws:sagemaker:eu-central-1:111122223333:pipeline/image-classifier';

interface Run {
  readonly arn: string;
  readonly token: string;
  readonly name: string;
  readonly parameters: readonly sdk.Parameter[];
  status: sdk.PipelineExecutionStatus;
}

export class ScriptedTraining extends ScriptedAws {
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

  private constructor() {
    super({ ...sdk, ...systems });
  }

  static start(): Promise<ScriptedTraining> {
    return new ScriptedTraining().listen();
  }

  override get environment(): Record<string, string> {
    return { ...super.environment, AWS_MAX_ATTEMPTS: '1' };
  }

  connect(): { sageMaker: sdk.SageMakerClient; s3: S3Client; ssm: systems.SSMClient } {
    const options = this.clientOptions;
    return this.keep({
      sageMaker: new sdk.SageMakerClient(options),
      s3: new S3Client({ ...options, forcePathStyle: true }),
      ssm: new systems.SSMClient(options),
    });
  }

  /** Parameters of a run by name. */
  parametersOf(run: Run | undefined): Record<string, string> {
    return Object.fromEntries((run?.parameters ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
        ? [200, this.runChecked(operation, JSON.parse(body.toString()) as Members)]
        : [400, { __type: failure.type, message: failure.message }];
    sendAwsJson(response, document, status);
  }

  private missing(operation: string, body: Buffer): typeof this.failNext {
    if (operation !== 'GetParameter') return undefined;
    const { Name = '' } = JSON.parse(body.toString()) as systems.GetParameterRequest; // its shape is looked at when there is one
    return this.values.has(Name) ? undefined : { type: 'ParameterNotFound', message: Name };
  }

  protected run(operation: string, input: Members): Members {
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

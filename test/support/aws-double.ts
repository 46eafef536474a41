// AWS as far as deploy and destroy need it: moto, with an HTTP server in front that answers what moto does not know, holds or fails on
// demand, and turns templates into what moto can make. The product does not notice: it is told an address by AWS_ENDPOINT_URL.
import {
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createServer, IncomingHttpHeaders, request, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Moto, startMoto } from './moto';
import { templateForMoto } from './template-for-moto';

export interface AwsCall {
  /** `CreateChangeSet`; of S3 the method and the path. */
  readonly action: string;
  /** Of the Query protocol its fields, of JSON its members. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status?: number;
  readonly contentType: string;
  readonly body: string;
}

/** Answers a call in place of moto; undefined lets it through. */
export type Script = (call: AwsCall) => Answer | undefined | Promise<Answer | undefined>;

/** Changes what moto answers, as far as it is text. */
export type Rewrite = (call: AwsCall, body: string) => string;

export class AwsDouble {
  readonly calls: AwsCall[] = [];
  /** Its own; a test that leaves something here is wrong. */
  readonly faults: string[] = [];
  /** By the names of stacks, as the product has written them: moto only has what it can make. */
  private readonly templates = new Map<string, string>();
  /** The first that answers counts; later ones come first. */
  readonly scripts: Script[] = [];
  readonly rewrites: Rewrite[] = [];

  private constructor(
    private readonly moto: Moto,
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<AwsDouble> {
    const moto = await startMoto();
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method = 'GET', url = '/', headers } = incoming;
        double.handle({ method, url, headers, body: Buffer.concat(chunks) }).then(
          ({ status, headers: sent, body }) => outgoing.writeHead(status, sent).end(body),
          (error: unknown) => {
            double.faults.push(String(error));
            outgoing.writeHead(599).end();
          },
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A server that listens on a port has an address with a port.
    const double = new AwsDouble(moto, server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    double.scripts.push(
      (call) => double.template(call),
      (call) => double.beforeNetworkGoes(call),
      answersOfAccount,
    );
    return double;
  }

  get clientOptions() {
    return { ...this.moto.clientOptions, endpoint: this.url };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.moto.stop();
  }

  /** Holds the next call that fits until it is let go; `reached` tells when it has come. */
  holdNext(fits: (call: AwsCall) => boolean): { readonly reached: Promise<void>; readonly letGo: () => void } {
    let tell: () => void = () => undefined;
    let letGo: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (tell = resolve));
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let isHeld = false;
    this.scripts.unshift(async (call) => {
      if (isHeld || !fits(call)) return undefined;
      isHeld = true;
      tell();
      await held;
      return undefined;
    });
    return { reached, letGo };
  }

  private async handle(incoming: Incoming): Promise<Outgoing> {
    const call = readCall(incoming);
    this.calls.push(call);
    for (const script of [...this.scripts]) {
      const answer = await script(call);
      if (answer === undefined) continue;
      return { status: answer.status ?? 200, headers: { 'content-type': answer.contentType }, body: answer.body };
    }
    const outgoing = await this.forward(call.action === 'CreateChangeSet' ? await this.rewritten(incoming) : incoming);
    if (this.rewrites.length === 0 || call.input['Action'] === undefined) return outgoing;
    const body = this.rewrites.reduce((text, rewrite) => rewrite(call, text), outgoing.body.toString());
    return { ...outgoing, headers: { ...outgoing.headers, 'content-length': String(Buffer.byteLength(body)) }, body };
  }

  private async rewritten(incoming: Incoming): Promise<Incoming> {
    const fields = new URLSearchParams(incoming.body.toString());
    const url = fields.get('TemplateURL');
    const text = url === null ? (fields.get('TemplateBody') ?? '') : await this.objectAt(new URL(url));
    this.templates.set(fields.get('StackName') ?? '', text);
    fields.delete('TemplateURL');
    fields.set('TemplateBody', templateForMoto(text));
    const body = Buffer.from(fields.toString());
    return { ...incoming, body, headers: { ...incoming.headers, 'content-length': String(body.length) } };
  }

  private template({ action, input }: AwsCall): Answer | undefined {
    const text = action === 'GetTemplate' ? this.templates.get(String(input['StackName'])) : undefined;
    return text === undefined ? undefined : xml(action, `<TemplateBody>${escaped(text)}</TemplateBody>`);
  }

  /** moto cannot take away route tables with a stack, and then not the VPC either. */
  private async beforeNetworkGoes({ action, input }: AwsCall): Promise<undefined> {
    if (action !== 'DeleteStack' || !/-network(\/|$)/.test(String(input['StackName']))) return;
    const ec2 = new EC2Client(this.moto.clientOptions);
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
    for (const { RouteTableId, Associations = [] } of RouteTables) {
      if (Associations.some(({ Main }) => Main === true)) continue;
      for (const { RouteTableAssociationId: AssociationId } of Associations) {
        await ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
      }
      await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
    }
    ec2.destroy();
  }

  private async objectAt({ hostname, pathname }: URL): Promise<string> {
    const s3 = new S3Client(this.moto.clientOptions);
    const place = { Bucket: hostname.split('.')[0], Key: pathname.slice(1) };
    const { Body } = await s3.send(new GetObjectCommand(place));
    const text = (await Body?.transformToString()) ?? '';
    s3.destroy(); // ends what is still being read
    return text;
  }

  private forward({ method, url, headers, body }: Incoming): Promise<Outgoing> {
    const target = new URL(url, this.moto.clientOptions.endpoint);
    return new Promise((resolve, reject) => {
      const outgoing = request(target, { method, headers: { ...headers, host: target.host } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 500,
            headers: withoutFraming(response.headers),
            body: Buffer.concat(chunks),
          }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Outgoing {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | string;
}

/** The body is sent as a whole. */
function withoutFraming({ 'transfer-encoding': _, connection: __, ...headers }: IncomingHttpHeaders) {
  return headers;
}

function readCall({ method, url, headers, body }: Incoming): AwsCall {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const text = body.toString();
    return {
      action: target.split('.').at(-1) ?? '',
      input: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), // the SDK writes objects
    };
  }
  const fields =
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true ? body.toString() : '';
  const input = Object.fromEntries(new URLSearchParams(fields));
  return input['Action'] === undefined ? { action: `${method} ${url}`, input } : { action: input['Action'], input };
}

export function json(body: object, status = 200): Answer {
  return { status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(body) };
}

export function xml(action: string, result: string): Answer {
  return {
    contentType: 'text/xml',
    body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
  };
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What moto lacks: an account in which everything is allowed and nothing is scarce. */
const answersOfAccount: Script = ({ action, input }) => {
  switch (action) {
    case 'SimulatePrincipalPolicy':
      return xml(
        action,
        `<EvaluationResults>${Object.entries(input)
          .filter(([name]) => name.startsWith('ActionNames.'))
          .map(
            ([, name]) =>
              `<member><EvalActionName>${String(name)}</EvalActionName><EvalDecision>allowed</EvalDecision></member>`,
          )
          .join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`,
      );
    case 'ListPipelineExecutions': // of CodePipeline; SageMaker's takes another name
      return input['pipelineName'] === undefined ? undefined : json({ pipelineExecutionSummaries: [] });
    case 'GetServiceQuota':
      return json({ Quota: { Value: 1000 } });
    case 'ListServiceQuotas':
      return json({ Quotas: [] });
    case 'UpdateTerminationProtection':
      return xml(action, '<StackId>stack</StackId>');
    default:
      return undefined;
  }
};

import {
  InvokeEndpointCommand,
  InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeploymentInProgressError, LocalEndpoint, LocalEndpointOptions } from '../src/local-endpoint';
import { distFile } from '../src/places';
import { Behaviour, changeBehaviour, packageFolder } from './package-folder';

const ENDPOINT = 'image-classifier';
const logLines: string[] = [];
const log = {
  info: (_fields: object, message: string) => void logLines.push(`info ${message}`),
  warn: (_fields: object, message: string) => void logLines.push(`warn ${message}`),
  error: (_fields: object, message: string) => void logLines.push(`error ${message}`),
};

let endpoint: LocalEndpoint | undefined;
let client: SageMakerRuntimeClient;

async function start(behaviour: Behaviour, options: Partial<LocalEndpointOptions> = {}): Promise<LocalEndpoint> {
  endpoint = await LocalEndpoint.start({
    endpointName: ENDPOINT,
    packageDir: packageFolder(behaviour),
    port: 0,
    environment: process.env,
    command: [distFile('libs/sagemaker-local/test/fake-container/main.js')],
    log,
    ...options,
  });
  client = new SageMakerRuntimeClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return endpoint;
}

function invoke(input: Partial<InvokeEndpointCommandInput> = {}) {
  return client.send(
    new InvokeEndpointCommand({
      EndpointName: ENDPOINT,
      Body: Buffer.from('image'),
      ContentType: 'image/jpeg',
      ...input,
    }),
  );
}

/** What the fake container tells of itself and of what reached it. */
async function invokeJson(input: Partial<InvokeEndpointCommandInput> = {}) {
  const { Body } = await invoke(input);
  return JSON.parse(Body.transformToString()) as {
    version: string;
    pid: number;
    bytes: number;
    headers: Record<string, string>;
  };
}

async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return error as Error & Record<string, unknown>; // the SDK adds the members of the error body
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

beforeEach(() => (logLines.length = 0));
afterEach(async () => {
  client.destroy();
  await endpoint?.stop();
  endpoint = undefined;
});

describe('a local endpoint, asked through the AWS SDK', () => {
  beforeEach(() => start({ version: '1' }, { invocationTimeoutMs: 300 }));

  it('passes the body and the documented headers to the container, and nothing else', async () => {
    const { bytes, headers } = await invokeJson({
      Body: Buffer.alloc(100_000),
      Accept: 'application/json',
      CustomAttributes: 'top_k=3',
      InferenceId: 'inference-1',
    });

    expect(bytes).toBe(100_000);
    expect(headers).toEqual({
      host: expect.any(String),
      connection: 'keep-alive',
      'content-length': '100000',
      'content-type': 'image/jpeg',
      accept: 'application/json',
      'x-amzn-sagemaker-custom-attributes': 'top_k=3',
    });
  });

  it('gives the answer back with content type, custom attributes, variant and request id, and nothing else', async () => {
    const answer = await invoke();

    expect(answer).toMatchObject({
      ContentType: 'application/json',
      CustomAttributes: 'version=1',
      InvokedProductionVariant: 'AllTraffic',
    });
    expect(answer.$metadata).toMatchObject({
      httpStatusCode: 200,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const raw = await fetch(`${endpoint?.url}/endpoints/${ENDPOINT}/invocations`, { method: 'POST', body: 'x' });
    expect(raw.headers.has('x-internal')).toBe(false);
  });

  it('says which endpoint it does not know', async () => {
    const error = await failureOf(invoke({ EndpointName: 'another' }));

    expect(error).toMatchObject({
      name: 'ValidationError',
      message: 'Endpoint another of account 000000000000 not found.',
    });
    expect(error['$metadata']).toMatchObject({ httpStatusCode: 400 });
  });

  it('knows one variant', async () => {
    await expect(invoke({ TargetVariant: 'AllTraffic' })).resolves.toBeDefined();
    expect(await failureOf(invoke({ TargetVariant: 'shadow' }))).toMatchObject({ name: 'ValidationError' });
  });

  it('refuses custom attributes over 1,024 characters', async () => {
    await expect(invoke({ CustomAttributes: 'a'.repeat(1024) })).resolves.toBeDefined();
    expect(await failureOf(invoke({ CustomAttributes: 'a'.repeat(1025) }))).toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining("'customAttributes' failed to satisfy constraint"),
    });
  });

  it('refuses custom attributes that are not visible ASCII', async () => {
    expect(await failureOf(invoke({ CustomAttributes: 'name=caf\u00e9' }))).toMatchObject({ name: 'ValidationError' });
  });

  it('refuses a body over 6,291,456 bytes with 413, with and without a content length', async () => {
    await expect(invokeJson({ Body: Buffer.alloc(6_291_456) })).resolves.toMatchObject({ bytes: 6_291_456 });
    const error = await failureOf(invoke({ Body: Buffer.alloc(6_291_457) }));
    expect(error.message).toBe('HTTP content length exceeded 6291456 bytes.');
    expect(error['$metadata']).toMatchObject({ httpStatusCode: 413 });

    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        `${endpoint?.url}/endpoints/${ENDPOINT}/invocations`,
        { method: 'POST', headers: { 'transfer-encoding': 'chunked' } },
        (response) => resolve(response.resume().statusCode),
      );
      request.on('error', reject).end(Buffer.alloc(6_291_457));
    });
    expect(chunked).toBe(413);
  });

  it.each([
    [400, 'client error (400)', 'CLIENT_ERROR_FROM_MODEL'],
    [500, 'server error (500)', 'SERVER_ERROR_FROM_MODEL'],
  ])('turns a %i of the container into a ModelError', async (status, text, errorCode) => {
    const error = await failureOf(invoke({ CustomAttributes: `do=status&status=${status}` }));

    expect(error).toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining(`Received ${text} from primary with message "{"error":"as asked"}"`),
      OriginalStatusCode: status,
      OriginalMessage: '{"error":"as asked"}',
      LogStreamArn: `arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/${ENDPOINT}`,
    });
    expect(error['$metadata']).toMatchObject({ httpStatusCode: 424 });
    const raw = await fetch(`${endpoint?.url}/endpoints/${ENDPOINT}/invocations`, {
      method: 'POST',
      headers: { 'x-amzn-sagemaker-custom-attributes': `do=status&status=${status}` },
    });
    expect(await raw.json()).toMatchObject({ ErrorCode: errorCode });
  });

  it('passes an HTML error page on as the message of a ModelError', async () => {
    expect(await failureOf(invoke({ CustomAttributes: 'do=html' }))).toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 502,
      OriginalMessage: '<html><h1>Bad Gateway</h1></html>',
    });
  });

  it('gives up on a container that does not answer in time', async () => {
    expect(await failureOf(invoke({ CustomAttributes: 'do=hang' }))).toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 0,
      OriginalMessage: expect.stringContaining('Your invocation timed out while waiting for a response from container'),
    });
  });

  it('answers with a ModelError when the container speaks no HTTP or says too much', async () => {
    expect(await failureOf(invoke({ CustomAttributes: 'do=garbage' }))).toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 0,
    });
    expect(await failureOf(invoke({ CustomAttributes: 'do=huge' }))).toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('could not load the entire response body'),
    });
  });

  it('knows no other operation', async () => {
    const response = await fetch(`${endpoint?.url}/endpoints/${ENDPOINT}/async-invocations`, { method: 'POST' });

    expect(response.status).toBe(404);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
  });

  it('tells its health', async () => {
    const response = await fetch(`${endpoint?.url}/health`);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'InService',
      endpointName: ENDPOINT,
      variantName: 'AllTraffic',
      model: { ready: true, restarts: 0, pid: expect.any(Number) },
    });
  });
});

describe('a container that comes up badly', () => {
  beforeEach(() => {
    client = new SageMakerRuntimeClient({ region: 'us-east-1' });
  });

  it('makes the start fail with its own sentence when it refuses the package', async () => {
    await expect(start({ version: '1', refuse: 'model.json: labels is missing.' })).rejects.toMatchObject({
      name: 'ContainerStartError',
      message: 'model.json: labels is missing.',
      isRefusal: true,
    });
  });

  it('makes the start fail with the error it died of', async () => {
    await expect(start({ version: '1', crash: true })).rejects.toMatchObject({
      message: 'The container ended before it was ready (exit code 1: TypeError: the fake container crashed).',
      isRefusal: false,
    });
  });

  it('makes the start fail when it is never ready', async () => {
    await expect(start({ version: '1', startMs: 60_000 }, { startupTimeoutMs: 500 })).rejects.toMatchObject({
      message: 'The container did not answer /ping with 200 within 0.5 s.',
    });
  });
});

describe('a container that dies', () => {
  it('costs each running request one ModelError and is started again', async () => {
    const { url } = await start({ version: '1', answerMs: 5000 });
    const pid = endpoint?.describe().model.pid;
    const running = [invoke(), invoke(), invoke()].map(failureOf);
    await sleep(200);
    await invoke({ CustomAttributes: 'do=die' }).catch(() => undefined);

    for (const error of await Promise.all(running)) {
      expect(error).toMatchObject({
        name: 'ModelError',
        OriginalStatusCode: 0,
        OriginalMessage: `Amazon SageMaker could not get a response from the ${ENDPOINT} endpoint.`,
      });
    }
    expect((await fetch(`${url}/health`)).status).toBe(503);
    expect(await failureOf(invoke())).toMatchObject({ name: 'ServiceUnavailable' });
    await until(() => endpoint?.describe().model.ready === true);
    expect(endpoint?.describe().model).toMatchObject({ restarts: 1 });
    expect(endpoint?.describe().model.pid).not.toBe(pid);
    expect(logLines).toContain('error the model process ended (signal SIGKILL); starting it again');
  });

  it('half-way through an answer leaves no half answer', async () => {
    await start({ version: '1' });

    expect(await failureOf(invoke({ CustomAttributes: 'do=half' }))).toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 0,
    });
  });

  it('and then refuses its package is given up, with the reason', async () => {
    const { failed } = await start({ version: '1' });
    const folder = endpoint?.describe().model.packageDir ?? '';
    changeBehaviour(folder, { version: '1', refuse: 'model.onnx is truncated.' });
    await invoke({ CustomAttributes: 'do=die' }).catch(() => undefined);

    expect(await failed).toBe('model.onnx is truncated.');
    expect(endpoint?.describe()).toMatchObject({ status: 'Failed', failureReason: 'model.onnx is truncated.' });
    expect(await failureOf(invoke())).toMatchObject({ name: 'ServiceUnavailable' });
  });
});

describe('a deployment', () => {
  /** Keeps requests coming until `stop`; gives the versions that answered, in order. Any failure is thrown. */
  function steadyLoad(): { stop: () => Promise<string[]> } {
    let isStopped = false;
    const versions: string[] = [];
    const workers = Array.from({ length: 8 }, async () => {
      while (!isStopped) versions.push((await invokeJson()).version);
    });
    return {
      stop: async () => {
        isStopped = true;
        await Promise.all(workers);
        return versions;
      },
    };
  }

  it('moves all traffic to the new model without a failed request, and stops the old one', async () => {
    await start({ version: 'blue', answerMs: 30 });
    const bluePid = endpoint?.describe().model.pid ?? 0;
    const load = steadyLoad();
    await sleep(100);
    const deployment = endpoint?.deploy(packageFolder({ version: 'green', answerMs: 30, startMs: 500 }));
    await sleep(100);
    expect(endpoint?.describe().status).toBe('Updating');
    await deployment;
    await sleep(100);
    const versions = await load.stop();

    expect(endpoint?.describe().status).toBe('InService');
    expect(versions).toContain('blue');
    expect(versions.slice(-8)).toEqual(Array.from({ length: 8 }, () => 'green'));
    expect(() => process.kill(bluePid, 0)).toThrow('ESRCH');
  });

  it('that fails leaves the old model serving and says why', async () => {
    await start({ version: 'blue' });
    const load = steadyLoad();

    await expect(endpoint?.deploy(packageFolder({ version: 'green', refuse: 'too few labels.' }))).rejects.toThrow(
      'too few labels.',
    );
    expect(new Set(await load.stop())).toEqual(new Set(['blue']));
    expect(endpoint?.describe().status).toBe('InService');
  });

  it('is refused while another one runs', async () => {
    await start({ version: 'blue' });
    const first = endpoint?.deploy(packageFolder({ version: 'green', startMs: 300 }));

    await expect(endpoint?.deploy(packageFolder({ version: 'red' }))).rejects.toBeInstanceOf(DeploymentInProgressError);
    await first;
    expect(await invokeJson()).toMatchObject({ version: 'green' });
  });
});

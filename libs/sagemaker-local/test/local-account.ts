/** A state folder of its own with a control plane over it, whose models are packages of fake containers. For tests. */
import * as sdk from '@aws-sdk/client-sagemaker';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from 'tar';
import { OperationSchema, outputFaults } from '../../../test/support/sdk-shapes';
import { LocalSageMaker } from '../src/local-sagemaker';
import { distFile } from '../src/places';
import { LocalS3, StateFolder } from '../src/state';
import { Behaviour, packageFolder } from './package-folder';

export const GROUP = 'image-classifier';
export const ENDPOINT = 'image-classifier';
export const fakeContainer = [distFile('libs/sagemaker-local/test/fake-container/main.js')] as const;

/** Stands for the model that ships. */
export function shippedPackage(): string {
  const folder = packageFolder({ version: 'shipped' });
  const manifest = {
    name: 'everyday-objects',
    version: '0.1.0',
    created: '2026-01-01T00:00:00Z',
    metrics: { top1: 0.5 },
  };
  writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
  return folder;
}

export interface LocalAccount {
  readonly state: StateFolder;
  readonly s3: LocalS3;
  readonly server: LocalSageMaker;
  readonly client: sdk.SageMakerClient;
  readonly shippedPackageDir: string;
  /** Asks over HTTP, and throws when the answer does not fit the SDK's shape to the letter; the SDK itself drops what it does not know. */
  ask(operation: string, input?: object): Promise<Record<string, unknown>>;
  /** Registers a package of a fake container and gives its ARN. */
  register(behaviour: Behaviour, status?: sdk.ModelApprovalStatus): Promise<string>;
  /** Makes model and configuration of a new approved package and gives the configuration's name. */
  makeConfig(behaviour: Behaviour, environment?: Record<string, string>): Promise<string>;
  update(endpointConfigName: string): Promise<void>;
  /** Describes the endpoint when it is not in progress any more. */
  settled(): Promise<sdk.DescribeEndpointCommandOutput>;
  stop(): Promise<void>;
}

export async function openAccount(folder = mkdtempSync(join(tmpdir(), 'state-'))): Promise<LocalAccount> {
  const state = new StateFolder(folder);
  const s3 = new LocalS3(state);
  const shippedPackageDir = shippedPackage();
  const server = await LocalSageMaker.start({ state, shippedPackageDir, containerCommand: fakeContainer });
  const client = clientOf(server.url);
  let count = 0;

  const register = async (behaviour: Behaviour, status: sdk.ModelApprovalStatus = 'Approved'): Promise<string> => {
    const uri = `s3://local/test/${process.pid}-${(count += 1)}/model.tar.gz`;
    await mkdir(dirname(s3.pathOf(uri)), { recursive: true });
    await create({ file: s3.pathOf(uri), cwd: packageFolder(behaviour), gzip: true }, ['behaviour.json']);
    const { ModelPackageArn } = await client.send(
      new sdk.CreateModelPackageCommand({
        ModelPackageGroupName: GROUP,
        ModelApprovalStatus: status,
        InferenceSpecification: { Containers: [{ Image: 'image', ModelDataUrl: uri }] },
      }),
    );
    return ModelPackageArn ?? '';
  };

  return {
    state,
    s3,
    server,
    client,
    shippedPackageDir,
    register,
    async ask(operation, input = {}) {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'x-amz-target': `SageMaker.${operation}`, 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(input),
      });
      const answer = (await response.json()) as Record<string, unknown>; // awsJson1.1: always an object
      if (response.status !== 200) throw new Error(`${String(answer['__type'])}: ${String(answer['message'])}`);
      const faults = answerFaults(operation, answer);
      if (faults.length > 0) throw new Error(`the answer of ${operation} is wrong: ${faults.join('; ')}`);
      return answer;
    },
    async makeConfig(behaviour, environment = {}) {
      const name = `made-${process.pid}-${(count += 1)}`;
      const container = { ModelPackageName: await register(behaviour), Environment: environment };
      await client.send(new sdk.CreateModelCommand({ ModelName: name, Containers: [container] }));
      const variant = { VariantName: 'AllTraffic', ModelName: name, InitialInstanceCount: 1 };
      await client.send(
        new sdk.CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant] }),
      );
      return name;
    },
    async update(EndpointConfigName) {
      await client.send(new sdk.UpdateEndpointCommand({ EndpointName: ENDPOINT, EndpointConfigName }));
    },
    async settled() {
      for (;;) {
        const endpoint = await client.send(new sdk.DescribeEndpointCommand({ EndpointName: ENDPOINT }));
        if (endpoint.EndpointStatus !== 'Updating' && endpoint.EndpointStatus !== 'Creating') return endpoint;
        await sleep(50);
      }
    },
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

/** How the answer of an operation differs from what the SDK says of it. */
export function answerFaults(operation: string, answer: object): string[] {
  const schema = (sdk as unknown as Record<string, OperationSchema>)[`${operation}$`]; // one for each operation
  return schema === undefined ? [`the SDK knows no ${operation}`] : outputFaults(schema, answer);
}

export function clientOf(endpoint: string): sdk.SageMakerClient {
  return new sdk.SageMakerClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

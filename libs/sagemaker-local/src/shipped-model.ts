/**
 * What an account begins with: the model that ships, registered as version 1, approved and in service. Made when the control plane is
 * first used. Every part is there whole or not at all and nothing is made twice, so that any number of processes may do it at once
 * and any of them may be killed; the next one does what is left.
 */
import { NOTHING_FILE } from '@app/contracts/learning';
import { ModelManifest } from '@app/contracts/sagemaker';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { arnOf } from './control-plane/arn';
import { EndpointRecord } from './hosting/endpoint-record';
import { isAlive } from './hosting/endpoint-processes';
import { HostedModels } from './hosting/hosted-models';
import { ModelPackages } from './registry/model-packages';
import { hasCode, LocalS3, StateFolder } from './state';

/** The model package group and the endpoint of the product. */
export const SHIPPED_NAME = 'image-classifier';
const HOSTED_NAME = `${SHIPPED_NAME}-shipped`;
const DONE = 'shipped.json';
const ARCHIVE = 'model.tar.gz';
/** Followed by the id of the process that fills it, and something random. */
const STAGING = /^\.shipping-(\d+)-/;
/** The same archive, byte for byte, wherever and whenever it is made. */
const ARCHIVE_TIME = new Date('2000-01-01T00:00:00Z');

export class ShippedModel {
  readonly #s3: LocalS3;

  constructor(
    private readonly state: StateFolder,
    private readonly packageDir: string,
  ) {
    this.#s3 = new LocalS3(state);
  }

  async ensure(): Promise<void> {
    if ((await this.state.read(DONE)) !== undefined) return;
    const manifest = await this.#manifest();
    const prefix = `s3://local/models/${manifest.name}`;
    await this.#ensurePrefixes(manifest, prefix);
    await this.#ensureRegistered(manifest, prefix);
    await this.#ensureHosted(manifest);
    await this.state.create({ time: Date.now() / 1000 }, DONE);
    await this.#removeStagingOfTheDead();
  }

  async #manifest(): Promise<ModelManifest> {
    const text = await readFile(join(this.packageDir, 'model.json'), 'utf8').catch((error: unknown) => {
      throw new Error(`The model that ships cannot be read: ${messageOf(error)}.`);
    });
    return JSON.parse(text) as ModelManifest; // part of the product
  }

  /** Each prefix is filled elsewhere and then moved to its place. */
  async #ensurePrefixes(manifest: ModelManifest, prefix: string): Promise<void> {
    await this.#ensurePrefix('s3://local/nothing', (folder) =>
      writeFile(join(folder, NOTHING_FILE), 'Stands for an input that is not wanted.\n'),
    );
    await this.#ensurePrefix(prefix, async (folder) => {
      await writeFile(join(folder, 'evaluation.json'), JSON.stringify(metricsOf(manifest), null, 2));
      await create(
        { file: join(folder, ARCHIVE), cwd: this.packageDir, gzip: true, portable: true, mtime: ARCHIVE_TIME },
        (await readdir(this.packageDir)).sort(),
      );
    });
    // What serves is what the next model is compared with; later deployments put theirs in its place.
    await this.#ensurePrefix(`s3://local/deployed/${SHIPPED_NAME}`, (folder) =>
      copyFile(join(this.#s3.pathOf(prefix), ARCHIVE), join(folder, ARCHIVE)),
    );
  }

  async #ensurePrefix(uri: string, fill: (folder: string) => Promise<void>): Promise<void> {
    if (await this.#s3.exists(uri)) return;
    const place = this.#s3.pathOf(uri);
    const staging = join(this.state.root, `.shipping-${process.pid}-${randomUUID()}`);
    const folder = join(staging, 'prefix');
    await mkdir(folder, { recursive: true });
    await mkdir(dirname(place), { recursive: true });
    try {
      await fill(folder);
      await rename(folder, place);
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error; // another process was as quick
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  async #ensureRegistered(manifest: ModelManifest, prefix: string): Promise<void> {
    const packages = new ModelPackages(this.state);
    const created = Date.now() / 1000;
    await packages.createGroup({ name: SHIPPED_NAME, created, description: 'The image classifier of this product.' });
    await packages.register(SHIPPED_NAME, {
      approvalStatus: 'Approved',
      clientToken: `shipped-${manifest.name}-${manifest.version}`,
      metadata: {
        modelName: manifest.name,
        modelVersion: manifest.version,
        ...(typeof manifest.data?.['name'] === 'string' ? { trainingData: manifest.data['name'] } : {}),
      },
      members: {
        ModelPackageDescription: `${manifest.name} ${manifest.version}, the model that ships`,
        InferenceSpecification: {
          Containers: [{ Image: 'image-classifier', ModelDataUrl: `${prefix}/${ARCHIVE}` }],
          SupportedContentTypes: ['image/jpeg', 'image/png', 'image/webp'],
          SupportedResponseMIMETypes: ['application/json'],
        },
        ModelMetrics: {
          ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: `${prefix}/evaluation.json` } },
        },
      },
    });
  }

  async #ensureHosted({ version }: ModelManifest): Promise<void> {
    const hosted = new HostedModels(this.state);
    const created = Date.now() / 1000;
    const container = {
      ModelPackageName: arnOf('model-package', `${SHIPPED_NAME}/1`),
      Environment: { MODEL_VERSION: version },
    };
    await hosted.create('models', { name: HOSTED_NAME, created, members: { Containers: [container] } });
    const variant = {
      VariantName: 'AllTraffic',
      ModelName: HOSTED_NAME,
      InitialInstanceCount: 1,
      InstanceType: 'ml.m5.large',
    };
    await hosted.create('endpoint-configs', { name: HOSTED_NAME, created, members: { ProductionVariants: [variant] } });
    const endpoint = new EndpointRecord(this.state, SHIPPED_NAME);
    await endpoint.request(1, { endpointConfigName: HOSTED_NAME, requested: created, members: {}, isShipped: true });
    await endpoint.decide(1, { status: 'InService', time: created });
  }

  async #removeStagingOfTheDead(): Promise<void> {
    for (const name of await readdir(this.state.root)) {
      const pid = STAGING.exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid)))
        await rm(join(this.state.root, name), { recursive: true, force: true });
    }
  }
}

/** What the manifest tells, in the place where SageMaker looks for a model's quality: it was not measured by the pipeline. */
function metricsOf({ name, created, metrics = {} }: ModelManifest): object {
  const accuracy = metrics['top1'] ?? metrics['accuracy'];
  return {
    multiclass_classification_metrics:
      typeof accuracy === 'number' ? { accuracy: { value: accuracy, standard_deviation: 'NaN' } } : {},
    created,
    model: { name, created },
    manifestMetrics: metrics,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

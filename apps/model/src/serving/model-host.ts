import { ProblemError } from '@app/contracts';
import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { CounterMetric, ObservedMetric } from '@app/platform/telemetry';
import { Classifier } from '../inference/classifier';
import { loadModelPackage } from '../model-package/load-model-package';
import { ModelPackage } from '../model-package/model-package';
import { ModelConfig } from '../model.config';

const waitingRuns = new ObservedMetric('up-down counter', {
  name: 'classifier.worker.waiting',
  unit: '{image}',
  description: 'Images that wait for a worker of the model.',
  attributes: [],
});

const lostWorkers = new CounterMetric({
  name: 'classifier.worker.lost',
  unit: '{worker}',
  description: 'Workers of the model that died.',
  attributes: [],
});

/** Holds the model while it is loaded, served and closed. One process serves one model for its whole life. */
@Injectable()
export class ModelHost implements OnApplicationShutdown {
  private readonly logger = new Logger('Model');
  private loading: Promise<ModelPackage> | undefined;
  private modelPackage: ModelPackage | undefined;
  private warmClassifier: Classifier | undefined;

  constructor(private readonly config: ModelConfig) {}

  /** Loads and warms the model; called once. Throws `ModelPackageError` when the package cannot be served. */
  async load(): Promise<void> {
    const startedAt = performance.now();
    const { packageFolder, modelVersion, workers, maxQueue, port } = this.config;
    this.loading = loadModelPackage(packageFolder, {
      workers,
      maxQueue,
      onWorkerLost: (error) => {
        lostWorkers.add(1, {});
        this.logger.error(error, 'a worker was lost');
      },
    });
    this.modelPackage = servedAs(await this.loading, modelVersion);
    const { pool } = this.modelPackage;
    waitingRuns.observe(() => [{ value: pool.waiting }]);
    const classifier = new Classifier(this.modelPackage);
    await classifier.classify(ONE_PIXEL, { observe: true }); // the image library's first call is slow as well
    this.warmClassifier = classifier;

    const { name, version, input, labels } = this.modelPackage.manifest;
    const { explains } = classifier.description;
    const loadMs = Math.round(performance.now() - startedAt);
    this.logger.log(
      { model: name, version, labels: labels.length, inputSize: input.size, explains, workers, port, loadMs },
      'model is ready',
    );
  }

  get isReady(): boolean {
    return this.warmClassifier !== undefined && this.modelPackage?.pool.available === true;
  }

  /** Throws `model-unavailable` until the model is loaded and warm. */
  get classifier(): Classifier {
    if (this.warmClassifier === undefined) throw new ProblemError('model-unavailable', { retryAfterSeconds: 1 });
    return this.warmClassifier;
  }

  /** By then no request runs any more. */
  async onApplicationShutdown(): Promise<void> {
    const loaded = await this.loading?.catch(() => undefined);
    await loaded?.pool.close();
  }
}

/** A package does not know the version that its registry gives it; the deployment says it. */
function servedAs(loaded: ModelPackage, version = loaded.manifest.version): ModelPackage {
  return { ...loaded, manifest: { ...loaded.manifest, version } };
}

/** A PNG of one grey pixel. */
const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

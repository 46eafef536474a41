import { DEFAULT_TOP_K, ProblemError } from '@app/contracts';
import { ClassificationResponse, ModelResponse, StatusResponse } from '@app/contracts/classification';
import { createApp, listen, PlatformConfig, PlatformModule } from '@app/platform';
import { Busboy, BusboyHeaders } from '@fastify/busboy';
import { Module } from '@nestjs/common';
import { Request } from 'express';
import { ClassificationService, ClassifyUploadOptions } from '../src/classification/classification.service';
import { PagesModule } from '../src/pages/pages.module';
import { securityHeaders } from '../src/pages/security-headers';
import { WebProblemFilter } from '../src/pages/web-problem.filter';
import { StatusService } from '../src/status/status.service';

// The pages alone, over real HTTP, with answers that a test sets.

export const MODEL: ModelResponse = {
  name: 'everyday-objects',
  version: '1.0.0',
  variant: 'AllTraffic',
  description: 'Names 200 kinds of animals, things and places in photos.',
  created: '2026-11-20T10:00:00Z',
  explains: true,
  input: { size: 64, resize: 'shorter-side-crop' },
  thresholds: { uncertain: 0.5, unknown: -3.2 },
  metrics: { top1: 0.548, top5: 0.798, ece: 0.012, logLoss: 1.795, 'images per second': null },
  labels: ['goldfish', 'European fire salamander', 'bullfrog', 'tailed frog', 'American alligator', 'iPod', 'teapot']
    .concat([
      'steel arch bridge',
      'computer keyboard',
      'Christmas stocking',
      'African elephant',
      'ladybug',
      'ice cream',
    ])
    .map((name, index) => ({ id: `n${index}`, name })),
};

export const CLASSIFICATION: ClassificationResponse = {
  id: '0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d11',
  model: { name: 'everyday-objects', version: '1.0.0', variant: 'AllTraffic' },
  decision: 'label',
  label: 'n01443537',
  score: 0.87,
  predictions: [
    { label: 'n01443537', name: 'goldfish', score: 0.87 },
    { label: 'n07747607', name: 'orange', score: 0.062 },
    { label: 'n01910747', name: 'jellyfish', score: 0.031 },
    { label: 'n01950731', name: 'sea slug', score: 0.012 },
    { label: 'n01629819', name: 'European fire salamander', score: 0.004 },
  ],
  image: { width: 400, height: 300, format: 'jpeg', bytes: 3_145_728, sha256: '0'.repeat(64) },
  timing: { decodeMs: 2.1, queueMs: 0.2, inferMs: 3.9, totalMs: 8.4 },
};

export const HEATMAP: NonNullable<ClassificationResponse['heatmap']> = {
  label: 'n01443537',
  width: 4,
  height: 4,
  values: [0.1, 0.2, 0.2, 0.1, 0.3, 0.7, 0.6, 0.2, 0.5, 1, 0.9, 0.3, 0.2, 0.4, 0.4, 0.1],
  region: { x: 0.125, y: 0, width: 0.75, height: 1 },
};

export const STATUS: StatusResponse = {
  status: 'ok',
  tiers: [
    { name: 'web', status: 'ok', version: '0.1.0' },
    { name: 'was', status: 'ok', version: '0.1.0', latencyMs: 1.4 },
    { name: 'model', status: 'ok', version: '1.0.0', latencyMs: 5.2 },
  ],
};

/** Answers what a test sets, after it has read the upload as the real one does. */
class FakeServices implements ClassificationService, StatusService {
  classification = CLASSIFICATION;
  model: ModelResponse | undefined = MODEL;
  health = STATUS;
  problem: ProblemError | undefined;
  /** Resolves before an upload is answered. */
  gate: Promise<void> = Promise.resolve();
  uploads: { options: ClassifyUploadOptions; bytes: number }[] = [];

  async classifyUpload(request: Request, options: ClassifyUploadOptions): Promise<ClassificationResponse> {
    const bytes = await countImageBytes(request);
    this.uploads.push({ options, bytes });
    await this.gate;
    if (this.problem !== undefined) throw this.problem;
    if (bytes === 0) throw new ProblemError('image-missing', { field: 'image' });
    return options.heatmap ? { heatmap: HEATMAP, ...this.classification } : this.classification;
  }

  describeModel(): Promise<ModelResponse> {
    if (this.model !== undefined) return Promise.resolve(this.model);
    return Promise.reject(new ProblemError('model-unavailable', { retryAfterSeconds: 5 }));
  }

  status(): Promise<StatusResponse> {
    return Promise.resolve(this.health);
  }
}

async function countImageBytes(request: Request): Promise<number> {
  const reader = new Busboy({ headers: request.headers as BusboyHeaders }); // tests send a content type
  let bytes = 0;
  reader.on('file', (_field, stream) => stream.on('data', (chunk: Buffer) => (bytes += chunk.length)));
  await new Promise((resolve, reject) => request.pipe(reader).on('finish', resolve).on('error', reject));
  return bytes;
}

class SilentConfig extends PlatformConfig {
  override readonly logLevel = 'silent';
}

export interface PagesApp {
  readonly url: string;
  readonly services: FakeServices;
  close(): Promise<void>;
}

export async function startPagesApp(): Promise<PagesApp> {
  const services = new FakeServices();

  @Module({
    providers: [
      { provide: ClassificationService, useValue: services },
      { provide: StatusService, useValue: services },
    ],
    exports: [ClassificationService, StatusService],
  })
  class FakeServicesModule {}

  @Module({
    imports: [
      PlatformModule.forRoot({ service: 'web', config: new SilentConfig(), problemFilter: WebProblemFilter }),
      PagesModule.register([FakeServicesModule]),
    ],
  })
  class PagesAppModule {}

  const app = await createApp(PagesAppModule);
  app.use(securityHeaders());
  app.use('/openapi.json', (_request: Request, response: { json(body: object): void }) => response.json(OPEN_API));
  const port = await listen(app, 0, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}`, services, close: () => app.close() };
}

const OPEN_API = {
  openapi: '3.1.0',
  info: { title: 'Image classifier', version: '0.1.0', description: 'Send a photo, read what is in it.' },
  paths: {
    '/api/v1/classifications': {
      post: {
        summary: 'Classify one image',
        parameters: [
          { name: 'top_k', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_TOP_K } },
        ],
        requestBody: {
          content: {
            'multipart/form-data': {
              schema: { type: 'object', properties: { image: { type: 'string', format: 'binary' } } },
            },
          },
        },
        responses: {
          200: {
            description: 'The answer.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Prediction' } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Prediction: {
        type: 'object',
        required: ['label', 'score'],
        properties: { label: { type: 'string', example: 'n01443537' }, score: { type: 'number' } },
      },
    },
  },
};

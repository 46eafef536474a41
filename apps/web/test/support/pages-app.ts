import { ProblemError } from '@app/contracts';
import { Classification, DeployedModel, TierReport } from '@app/contracts/classification';
import { DriftReport, MonitorSummary } from '@app/contracts/monitoring';
import { listen, loadConfig } from '@app/platform';
import { ServerResponse } from 'node:http';
import { createWebApp } from '../../src/create-web-app';
import { WebConfig } from '../../src/web.config';
import { MONITOR_SUMMARY, QUIET } from './monitor-answers';
import { Received, ScriptedWas, sendJson } from './scripted-was';

// The whole gateway over real HTTP, with a business tier behind it that answers what a test sets.

export const CLASSIFICATION: Classification = {
  id: '0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d11',
  model: { name: 'everyday-objects', version: '1.0.0', variant: 'AllTraffic' },
  decision: 'label',
  label: 'n01443537',
  score: 0.87,
  predictions: [
    { label: 'n01443537', name: { en: 'goldfish', ko: '금붕어' }, score: 0.87 },
    { label: 'n07747607', name: { en: 'orange', ko: '오렌지' }, score: 0.062 },
    { label: 'n01950731', name: { en: 'sea slug', ko: '갯민숭달팽이' }, score: 0.004 },
  ],
  image: { width: 400, height: 300, format: 'jpeg', bytes: 3_145_728, sha256: '0'.repeat(64) },
  timing: { decodeMs: 2.1, queueMs: 0.2, inferMs: 3.9, totalMs: 8.4 },
};

export const HEATMAP: NonNullable<Classification['heatmap']> = {
  label: 'n01443537',
  width: 4,
  height: 4,
  values: [0.9, 1, 0.2, 0.1, 0.8, 0.9, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0, 0, 0, 0],
  region: { x: 0.125, y: 0, width: 0.75, height: 1 },
};

export const MODEL: DeployedModel = {
  model: CLASSIFICATION.model,
  description: {
    name: 'everyday-objects',
    version: '1.0.0',
    created: '2026-11-20T10:00:00Z',
    description: { en: 'Names animals, things and places in photos.' },
    explains: true,
    input: { size: 64, resize: 'shorter-side-crop' },
    temperature: 1.14,
    thresholds: { uncertain: 0.5, unknown: -3.2 },
    metrics: { top1: 0.548, ece: 0.012, imagesPerSecond: 240, note: null },
    labels: [
      { id: 'n01443537', name: { en: 'goldfish', ko: '금붕어' } },
      { id: 'n03584254', name: { en: 'iPod' } },
    ],
  },
};

/** A package of the pipeline, with few labels: the whole matrix, and where its certainty was right. */
export const EVALUATED_MODEL: DeployedModel = {
  model: MODEL.model,
  description: {
    name: 'everyday-objects',
    version: '1.0.0',
    created: '2026-11-20T10:00:00Z',
    explains: true,
    input: { size: 64, resize: 'shorter-side-crop' },
    temperature: 0.9,
    thresholds: { uncertain: 0.5, unknown: 3.2 },
    metrics: {
      measuredOn: 'validation images',
      accuracy: 0.93,
      ece: 0.021,
      answeredShare: 0.9,
      unknownFalseAlarms: 0.05,
    },
    evaluation: {
      measuredOn: 'validation',
      images: 300,
      confusedPairs: [
        { actual: 'n03584254', predicted: 'n07747607', images: 15, share: 0.15 },
        { actual: 'n01443537', predicted: 'n03584254', images: 6, share: 0.06 },
      ],
      confusion: [
        [94, 6, 0],
        [0, 85, 15],
        [0, 0, 100],
      ],
      reliability: [
        { images: 100, confidence: 0.62, accuracy: 0.58 },
        { images: 100, confidence: 0.91, accuracy: 0.93 },
        { images: 100, confidence: 0.99, accuracy: 1 },
      ],
    },
    labels: [
      { id: 'n01443537', name: { en: 'goldfish', ko: '금붕어' } },
      { id: 'n03584254', name: { en: 'iPod' } },
      {
        id: 'n07747607',
        name: { en: 'orange', ko: '오렌지' },
        description: { en: 'A round fruit.', ko: '둥근 과일입니다.' },
      },
    ],
    data: { name: 'Made-up photos', source: 'a test', terms: 'free', trainingImages: 1800, validationImages: 300 },
    provenance: { madeBy: 'a linear softmax classifier', network: 'small', recipe: 'quick', license: 'MIT' },
  },
};

/** With so many labels that there are pairs only, and an index. */
export const LARGE_MODEL: DeployedModel = {
  model: MODEL.model,
  description: {
    name: 'everyday-objects',
    version: '1.0.0',
    created: '2026-11-20T10:00:00Z',
    explains: false,
    input: { size: 64, resize: 'stretch' },
    temperature: 1,
    thresholds: { uncertain: 0.5 },
    evaluation: {
      measuredOn: 'test',
      images: 4000,
      confusedPairs: Array.from({ length: 24 }, (_, index) => ({
        actual: `label-${index}`,
        predicted: `label-${index + 1}`,
        images: 30 - index,
        share: (30 - index) / 100,
      })),
      reliability: [],
    },
    labels: Array.from({ length: 40 }, (_, index) => ({
      id: `label-${index}`,
      name: { en: `${index} goldfish`, ko: `${index} 금붕어` },
    })),
    data: {},
  },
};

export const FEEDBACK: NonNullable<Classification['feedback']> = {
  token: 'a-token_of-ABC123',
  expires: '2026-11-27T10:00:00.000Z',
};

/** What the business tier behind the pages answers, and what it was sent. */
export class WasScript {
  classification = CLASSIFICATION;
  model = MODEL;
  tiers: readonly TierReport[] = [
    { name: 'was', status: 'ok', version: '0.1.0' },
    { name: 'model', status: 'ok', version: '1.0.0', latencyMs: 5.2 },
  ];
  /** What monitor knows; a problem while it does not answer, or where there is none. */
  monitor: { summary: MonitorSummary; drift: DriftReport } | ProblemError = { summary: MONITOR_SUMMARY, drift: QUIET };
  /** Answered in place of everything else. */
  problem: ProblemError | undefined;
  /** Answered in place of a classification of this photo, when it gives one. */
  problemOf: (photo: Buffer) => ProblemError | undefined = () => undefined;
  /** Fulfilled before a photo is answered. */
  gate: Promise<void> = Promise.resolve();
  /** Sizes of the photos that came, in bytes. */
  readonly received: number[] = [];

  /** Back to the beginning. */
  reset(): void {
    this.classification = CLASSIFICATION;
    this.model = MODEL;
    this.problem = undefined;
    this.problemOf = () => undefined;
    this.gate = Promise.resolve();
    this.received.length = 0;
    this.feedback.length = 0;
  }

  /** Feedback that came: method, path, token, and the size of its photo in bytes. */
  readonly feedback: string[] = [];

  async answer({ method, path, headers, body }: Received, response: ServerResponse): Promise<void> {
    const isPhoto = path.startsWith('/v1/classifications');
    const id = isPhoto ? idOf(this.received.push(body.length)) : CLASSIFICATION.id;
    if (isPhoto) await this.gate;
    const isFeedback = path.startsWith('/v1/feedback/');
    if (isFeedback) this.feedback.push(`${method} ${path} ${String(headers['x-feedback-token'])} ${body.length}`);
    const problem = this.problem ?? (isPhoto ? this.problemOf(body) : undefined);
    if (problem !== undefined) sendJson(response, problem.status, problem.toDocument());
    else if (path.startsWith('/v1/monitor/')) this.answerForMonitor(path, response);
    else if (method === 'DELETE') response.writeHead(204).end();
    else if (isFeedback) sendJson(response, 201, { id: CLASSIFICATION.id, stored: true, photo: body.length > 0 });
    else if (isPhoto)
      sendJson(response, 200, {
        ...this.classification,
        id,
        ...(path.includes('heatmap=true') ? { heatmap: HEATMAP } : {}),
      });
    else sendJson(response, 200, path === '/v1/model' ? this.model : { tiers: this.tiers });
  }

  private answerForMonitor(path: string, response: ServerResponse): void {
    if (this.monitor instanceof ProblemError) sendJson(response, this.monitor.status, this.monitor.toDocument());
    else {
      const window = new URL(path, 'http://was').searchParams.get('window');
      const answer = path.startsWith('/v1/monitor/summary') ? this.monitor.summary : this.monitor.drift;
      sendJson(response, 200, { ...answer, window });
    }
  }
}

/** The first photo of a test has the id of `CLASSIFICATION`, every further one its own. */
function idOf(position: number): string {
  return `${CLASSIFICATION.id.slice(0, -2)}${(0x10 + position).toString(16)}`;
}

export interface PagesApp {
  readonly url: string;
  readonly was: WasScript;
  close(): Promise<void>;
}

export async function startPagesApp(): Promise<PagesApp> {
  const script = new WasScript();
  const was = await ScriptedWas.start();
  was.answer = (received, response) => void script.answer(received, response);
  const env = { LOG_LEVEL: 'silent', WEB_WAS_URL: was.url, WEB_RATE_LIMIT_PER_MINUTE: '0' };
  const app = await createWebApp(loadConfig(WebConfig, env));
  const port = await listen(app, 0, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}`,
    was: script,
    async close() {
      await app.close();
      await was.stop();
    },
  };
}

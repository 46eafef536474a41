// The model as it will be served: this program with the argument `serve`, in a process of its own, asked over HTTP as SageMaker does.
import { Header, MAX_TOP_K, MediaType } from '@app/contracts';
import { formatInvocationAttributes, ModelAnswer, parseInvocationTimings } from '@app/contracts/sagemaker';
import { Environment, PRODUCT_ROOT } from '@app/platform';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Dispatcher } from 'undici';
import { EvaluationError } from './evaluation.error';

const PROGRAM = join(PRODUCT_ROOT, 'dist', 'apps', 'model', 'src');
const HOST = '127.0.0.1';
/** Printed when the port is open. */
const LISTENING = /"port":(\d+),.*"msg":"listening"/;

/** For loading the model. */
const START_LIMIT_MS = 240_000;
const PING_INTERVAL_MS = 50;
/** SageMaker's limit on an invocation. */
const INVOCATION_LIMIT_MS = 60_000;
/** A broken connection is noticed before the end of the process at its other end. */
const END_NOTICE_MS = 1000;

const INVOCATION_HEADERS = {
  'content-type': MediaType.anyImage,
  [Header.customAttributes]: formatInvocationAttributes({ topK: MAX_TOP_K }),
};

export interface ServedAnswer {
  readonly answer: ModelAnswer;
  /** From sending the image until the whole answer was there. */
  readonly totalMs: number;
  /** What the container reports as the time of the network. */
  readonly inferMs: number;
}

export class ServingProcess {
  private readonly child: ChildProcess;
  /** How it ended, for people. */
  private readonly ended: Promise<string>;
  private readonly kill = () => void this.child.kill('SIGKILL'); // it has nothing that is worth saving
  private client: Client | undefined;
  private lastComplaint = '';

  private constructor(
    folder: string,
    environment: Environment,
    private readonly signal: AbortSignal,
  ) {
    this.child = spawn(
      process.execPath,
      ['--require', join(PROGRAM, 'evaluation', 'exit-with-parent.js'), join(PROGRAM, 'main.js'), 'serve'],
      {
        // Port 0: the system finds a free one, and only the log tells which.
        env: { ...environment, SAGEMAKER_BIND_TO_PORT: '0', MODEL_HOST: HOST, MODEL_DIR: folder, LOG_LEVEL: 'info' },
        stdio: 'pipe',
      },
    );
    this.ended = once(this.child, 'close').then(
      ([code, name]) => `${code === null ? `signal ${name}` : `exit code ${code}`}${this.lastComplaint}`,
      (error: unknown) => String(error),
    );
    signal.addEventListener('abort', this.kill);
  }

  /** Serves the package; resolves when it answers. Throws `EvaluationError`; an aborted signal ends the process at any time. */
  static async start(folder: string, environment: Environment, signal: AbortSignal): Promise<ServingProcess> {
    signal.throwIfAborted();
    const serving = new ServingProcess(folder, environment, signal);
    try {
      serving.client = new Client(`http://${HOST}:${await serving.port()}`, {
        headersTimeout: INVOCATION_LIMIT_MS,
        bodyTimeout: INVOCATION_LIMIT_MS,
      });
      await serving.ready();
      return serving;
    } catch (error) {
      await serving.stop();
      throw error;
    }
  }

  /** `path`: what people know the image by. Throws `EvaluationError` when it is refused or the process is gone. */
  async invoke(image: Uint8Array, path: string): Promise<ServedAnswer> {
    const startedAt = performance.now();
    const { statusCode, headers, text } = await this.request({
      method: 'POST',
      path: '/invocations',
      headers: INVOCATION_HEADERS,
      body: image,
    });
    const totalMs = performance.now() - startedAt;
    if (statusCode !== 200) {
      throw new EvaluationError(`The model, served, refuses the test image ${path} with ${statusCode}: ${text}`);
    }
    const timings = parseInvocationTimings(String(headers[Header.customAttributes]));
    const answer = JSON.parse(text) as ModelAnswer; // of this very program
    return { answer, totalMs, inferMs: timings?.inferMs ?? NaN };
  }

  async stop(): Promise<void> {
    this.kill();
    await this.ended;
    await this.client?.destroy();
    this.signal.removeEventListener('abort', this.kill);
  }

  private async port(): Promise<string> {
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) throw new TypeError('the process has no output');
    createInterface({ input: stderr }).on('line', (line) => (this.lastComplaint = `: ${line.trim()}`));
    const listening = new Promise<string>((resolve) => {
      createInterface({ input: stdout }).on('line', (line) => {
        const port = LISTENING.exec(line)?.[1];
        if (port !== undefined) resolve(port);
      });
    });
    const failed = this.ended.then((how) => {
      throw new EvaluationError(`The model cannot be served (${how}).`);
    });
    return Promise.race([listening, failed]);
  }

  private async ready(): Promise<void> {
    const startedAt = performance.now();
    while ((await this.request({ method: 'GET', path: '/ping' })).statusCode !== 200) {
      if (performance.now() - startedAt > START_LIMIT_MS) {
        throw new EvaluationError(`The model, served, is not ready after ${START_LIMIT_MS / 1000} s.`);
      }
      await sleep(PING_INTERVAL_MS);
    }
  }

  private async request(
    options: Dispatcher.RequestOptions,
  ): Promise<Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & { text: string }> {
    try {
      if (this.client === undefined) throw new TypeError('the process does not listen yet');
      const { statusCode, headers, body } = await this.client.request(options);
      return { statusCode, headers, text: await body.text() };
    } catch (error) {
      const how = await Promise.race([this.ended, sleep(END_NOTICE_MS, String(error), { ref: false })]);
      throw new EvaluationError(`The process that serves the model does not answer any more (${how}).`, {
        cause: error,
      });
    }
  }
}

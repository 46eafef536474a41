// A service that is not told of a collector carries no weight of OpenTelemetry: none of its packages is loaded.
import { distFile } from '@app/sagemaker-local';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const SERVICES = {
  web: ['apps/web/src/main.js'],
  was: ['apps/was/src/main.js'],
  monitor: ['apps/monitor/src/main.js'],
  model: ['apps/model/src/main.js', 'serve'],
} as const;

const ENVIRONMENT = {
  WEB_PORT: '0',
  WAS_PORT: '0',
  AWS_REGION: 'us-east-1',
  MONITOR_PORT: '0',
  MONITOR_HTTP_PORT: '0',
  SAGEMAKER_BIND_TO_PORT: '0',
  MODEL_DIR: 'models/everyday-objects',
  DRAIN_DELAY_MS: '0',
};

/** Packages that were loaded when the service had started, and ended again. */
async function loadedBy(
  service: keyof typeof SERVICES,
  telemetry: Readonly<Record<string, string>>,
): Promise<string[]> {
  const [script, ...parameters] = SERVICES[service];
  const child = spawn(
    process.execPath,
    ['--require', distFile('test/support/tell-loaded-packages.js'), distFile(script), ...parameters],
    { env: { PATH: process.env['PATH'], ...ENVIRONMENT, ...telemetry }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let told = '';
  child.stderr.on('data', (data: Buffer) => (told += data.toString()));
  // The model is told to end when it has loaded: then all code is there that is ever loaded.
  const ready = service === 'model' ? 'model is ready' : '"listening"';
  for await (const line of createInterface({ input: child.stdout })) if (line.includes(ready)) child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'close');
  const [, packages] = /^loaded:(.*)$/m.exec(told) ?? [];
  if (packages === undefined) throw new Error(`${service} did not end by itself: ${told}`);
  return packages.split(',').filter((name) => name !== '');
}

it.each(['web', 'was', 'monitor', 'model'] as const)('%s loads nothing of OpenTelemetry by itself', async (service) => {
  expect(await loadedBy(service, {})).toEqual([]);
});

it.each([
  ['nothing is named', {}],
  ['it is switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' }],
  [
    'both signals are',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
  ],
])('loads nothing when %s', async (_case, telemetry) => {
  expect(await loadedBy('monitor', telemetry)).toEqual([]);
});

it('loads the SDK when a collector is named, or one for a signal', async () => {
  const endpoint = 'http://127.0.0.1:9';

  expect(await loadedBy('monitor', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toContain(
    '@opentelemetry/sdk-trace-node',
  );
  expect(await loadedBy('monitor', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint })).toContain(
    '@opentelemetry/sdk-metrics',
  );
});

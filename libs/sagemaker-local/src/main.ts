/** The local endpoint as a process of its own: settings in `SAGEMAKER_LOCAL_*`, log as JSON lines, SIGTERM ends it. */
import { pino } from 'pino';
import { ContainerStartError, EXIT_CODE_REFUSED } from './container-process';
import { LocalEndpoint } from './local-endpoint';
import { readConfig } from './sagemaker-local.config';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if ('faults' in config) {
    process.stderr.write(`The configuration is wrong:\n${config.faults.map((fault) => `  ${fault}`).join('\n')}\n`);
    process.exit(EXIT_CODE_REFUSED);
  }
  const log = pino({
    level: config.logLevel,
    base: { service: 'endpoint' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  });
  const leave = (error: unknown): never => {
    log.fatal({}, error instanceof Error ? error.message : String(error));
    process.exit(error instanceof ContainerStartError && error.isRefusal ? EXIT_CODE_REFUSED : 1);
  };

  const { endpointName, packageDir, port } = config;
  let stopping = false;
  const starting = LocalEndpoint.start({
    endpointName,
    packageDir,
    port,
    environment: process.env,
    log,
    onModelLine: (line, stream) => process[stream].write(`${line}\n`),
  });
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // A model that is still loading is not waited for: it ends with this process.
    const endpoint = await Promise.race([starting, Promise.resolve(undefined)]);
    await endpoint?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

  const endpoint = await starting.catch(leave);
  const { model } = endpoint.describe();
  log.info({ url: endpoint.url, endpointName, packageDir, pid: model.pid }, 'endpoint is in service');
  leave(new ContainerStartError(await endpoint.failed, true));
}

void main();

/** The local endpoint as a process of its own: settings in `SAGEMAKER_LOCAL_*`, log as JSON lines, SIGTERM ends it. */
import { pino } from 'pino';
import { ContainerStartError, EXIT_CODE_REFUSED } from './container-process';
import { FollowingEndpoint, StateFolderError } from './hosting/following-endpoint';
import { LocalEndpoint } from './local-endpoint';
import { createControlPlane } from './local-sagemaker';
import { readConfig } from './sagemaker-local.config';
import { StateFolder } from './state';

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
    const isRefusal = error instanceof ContainerStartError ? error.isRefusal : error instanceof StateFolderError;
    process.exit(isRefusal ? EXIT_CODE_REFUSED : 1);
  };

  const { endpointName, packageDir, port, stateDir, startsWithPackage } = config;
  const options = {
    endpointName,
    packageDir,
    port,
    environment: process.env,
    log,
    onModelLine: (line: string, stream: 'stdout' | 'stderr') => process[stream].write(`${line}\n`),
  };
  const start = async (): Promise<{ local: LocalEndpoint; stop: () => Promise<void> }> => {
    if (stateDir === undefined) {
      const local = await LocalEndpoint.start(options);
      return { local, stop: () => local.stop() };
    }
    const state = new StateFolder(stateDir);
    const controlPlane = createControlPlane({ state, log });
    const endpoint = await FollowingEndpoint.start({ ...options, state, startsWithPackage, controlPlane });
    return {
      local: endpoint.local,
      stop: () => Promise.all([endpoint.stop(), controlPlane.stop()]).then(() => undefined),
    };
  };
  let stopping = false;
  const starting = start();
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // A model that is still loading is not waited for: it ends with this process.
    const endpoint = await Promise.race([starting, Promise.resolve(undefined)]);
    await endpoint?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

  const { local } = await starting.catch(leave);
  const { model } = local.describe();
  log.info({ url: local.url, endpointName, packageDir: model.packageDir, pid: model.pid }, 'endpoint is in service');
  leave(new ContainerStartError(await local.failed, true));
}

void main();

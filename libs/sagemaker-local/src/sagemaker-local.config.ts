import { resolve } from 'node:path';
import { Environment } from './managed-process';

/** Settings of the local endpoint as a process of its own; the only place that knows their variables. */
export interface SagemakerLocalConfig {
  readonly port: number;
  readonly endpointName: string;
  readonly packageDir: string;
  /** Absent: nothing is followed, and there is no control plane. */
  readonly stateDir?: string;
  /** Whether the package is served at first even when something else has been deployed. */
  readonly startsWithPackage: boolean;
  readonly logLevel: string;
}

const FIRST = ['deployed', 'package'];
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
/** CreateEndpoint, EndpointName. */
const ENDPOINT_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** Gives the configuration, or a sentence for each fault. Empty variables count as not set. */
export function readConfig(env: Environment): SagemakerLocalConfig | { readonly faults: readonly string[] } {
  const port = Number(env['SAGEMAKER_LOCAL_PORT'] || 8080);
  const endpointName = env['SAGEMAKER_LOCAL_ENDPOINT_NAME'] || 'image-classifier';
  const packageDir = resolve(env['SAGEMAKER_LOCAL_PACKAGE_DIR'] || 'models/everyday-objects');
  const stateDir = env['SAGEMAKER_LOCAL_STATE_DIR'];
  const first = env['SAGEMAKER_LOCAL_FIRST'] || 'deployed';
  const logLevel = env['LOG_LEVEL'] || 'info';

  const faults: string[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    faults.push('SAGEMAKER_LOCAL_PORT must be a port number between 0 and 65535');
  }
  if (!ENDPOINT_NAME.test(endpointName)) {
    faults.push('SAGEMAKER_LOCAL_ENDPOINT_NAME must be 1 to 63 letters, digits and dashes');
  }
  if (!FIRST.includes(first)) faults.push(`SAGEMAKER_LOCAL_FIRST must be one of ${FIRST.join(', ')}`);
  if (!LOG_LEVELS.includes(logLevel)) faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
  if (faults.length > 0) return { faults };
  const startsWithPackage = first === 'package';
  return {
    port,
    endpointName,
    packageDir,
    startsWithPackage,
    logLevel,
    ...(stateDir ? { stateDir: resolve(stateDir) } : {}),
  };
}

/** What a model process inherits that somebody else's program starts. */
export function ownEnvironment(): Environment {
  return process.env;
}

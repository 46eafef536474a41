// The check of a rollout against the services themselves: web, was and a model, each a process of its own.
import { startSystem, RunningSystem } from '../../../test/support/system';
import { createHandler as createProber } from '../src/probe-targets/handler';
import type { Service } from '../src/probe-report';
import { createHandler } from '../src/verify-deployment/handler';
import { verifySettings } from '../src/verify-deployment/verify-deployment.config';
import { DEPLOYMENT, PROBER, ScriptedRollout } from './support/scripted-rollout';

const SETTINGS = verifySettings({
  ...{ VERIFY_CLUSTER: 'cluster', VERIFY_WEB_SERVICE: 'web', VERIFY_WAS_SERVICE: 'was', VERIFY_PROBER: PROBER },
  VERIFY_SLOW_SECONDS: '20',
});

let system: RunningSystem;
/** The same, but its was asks for an endpoint that there is not. */
let withoutModel: RunningSystem;
let aws: ScriptedRollout;

beforeAll(async () => {
  const environment = { was: { WAS_ENDPOINT_NAME: 'nobody' } };
  [system, withoutModel] = await Promise.all([
    startSystem({}),
    startSystem({ tiers: ['endpoint', 'was', 'web'], environment }),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([system.stop(), withoutModel.stop()]);
}, 60_000);

beforeEach(async () => {
  aws = await ScriptedRollout.start();
  const prober = createProber(() => undefined);
  aws.invoke = async (event) => await prober(event, { awsRequestId: 'request-2' });
});
afterEach(async () => {
  await aws.stop();
  expect(aws.shapeFaults).toEqual([]);
});

async function check(service: Service, url: string, servingUrl: string) {
  aws.group = service;
  aws.fresh = [{ url, state: 'healthy' }];
  aws.serving = [{ url: servingUrl, state: 'healthy' }];
  const clients = aws.connect();
  const lines: string[] = [];
  const write = (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg);
  const event = { DeploymentId: DEPLOYMENT, LifecycleEventHookExecutionId: 'execution-1' };
  const connect = () => ({ ...clients, settings: SETTINGS, pauseMs: SETTINGS.deadlineMs });
  await createHandler(
    clients.codeDeploy,
    connect,
    write,
  )(event, {
    awsRequestId: 'request-1',
    getRemainingTimeInMillis: () => 360_000,
  });
  return lines;
}

describe('the check of a rollout', () => {
  it.each(['web', 'was'] as const)('lets %s pass as it is', async (service) => {
    expect(await check(service, system.urls[service], system.urls[service])).toEqual([
      expect.stringMatching(/^(web|was) passed: 1 task answered by everyday-objects \S+ in \d+ ms /),
      'CodeDeploy was told: Succeeded',
    ]);
  });

  it.each(['web', 'was'] as const)('lets %s pass before there is a model', async (service) => {
    expect(await check(service, withoutModel.urls[service], withoutModel.urls[service])).toEqual([
      expect.stringContaining('No model is deployed'),
      `${service} passed: 1 task without a model`,
      'CodeDeploy was told: Succeeded',
    ]);
  });

  it.each(['web', 'was'] as const)('holds %s back when it alone finds no model', async (service) => {
    expect(await check(service, withoutModel.urls[service], system.urls[service])).toEqual([
      expect.stringContaining('It finds no model, and the version that serves now has one.'),
      expect.stringContaining(`${service} failed after`),
      'CodeDeploy was told: Failed',
    ]);
  });
});

// The check of a rollout against tasks that are right, slow, wrong, dead and hung: both functions are real, and so are the tasks' servers.
import { ProblemError } from '@app/contracts';
import { PRODUCT_ROOT } from '@app/platform';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunction } from '../../../tools/aws/artifacts/function-bundle';
import { createHandler as createProber } from '../src/probe-targets/handler';
import { KNOWN_PHOTO } from '../src/probe-targets/known-photo';
import { createHandler } from '../src/verify-deployment/handler';
import { VARIABLES, verifySettings } from '../src/verify-deployment/verify-deployment.config';
import { DEPLOYMENT, PROBER, ScriptedRollout } from './support/scripted-rollout';
import { BUILD, classification, problem, Reply, ScriptedService } from './support/scripted-service';

const ENVIRONMENT = {
  VERIFY_CLUSTER: 'cluster',
  VERIFY_WEB_SERVICE: 'web',
  VERIFY_WAS_SERVICE: 'was',
  VERIFY_PROBER: PROBER,
};
const EVENT = { DeploymentId: DEPLOYMENT, LifecycleEventHookExecutionId: 'execution-1' };
const MISSING = problem(new ProblemError('model-missing', { retryAfterSeconds: 60 }));

let aws: ScriptedRollout;
let task: ScriptedService;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  [aws, task] = await Promise.all([ScriptedRollout.start(), ScriptedService.start()]);
  aws.group = 'was';
  aws.fresh = [{ url: task.url, state: 'healthy' }];
  aws.dockerLabels = { build: BUILD };
  lines = [];
  const prober = createProber(() => undefined);
  aws.invoke = async (event) => await prober(event, { awsRequestId: 'request-2' });
});

afterEach(async () => {
  await Promise.all([aws.stop(), task.stop()]);
  expect(aws.shapeFaults).toEqual([]);
});

/** Calls the function once, as CodeDeploy does; by default it tries once. */
async function check(options: { slowMs?: number; deadlineMs?: number; pauseMs?: number } = {}) {
  const { slowMs = 5000, deadlineMs = 60_000, pauseMs = 60_000 } = options;
  const clients = aws.connect();
  const settings = { ...verifySettings(ENVIRONMENT), slowMs, deadlineMs };
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
  const handler = createHandler(clients.codeDeploy, () => ({ ...clients, settings, pauseMs }), write);
  await handler(EVENT, { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 360_000 });
  return aws.told;
}

const told = (status: string) => [{ deploymentId: DEPLOYMENT, lifecycleEventHookExecutionId: 'execution-1', status }];
const messages = () => lines.map(({ msg }) => msg);
const ok = (change: object): Reply => [200, classification(KNOWN_PHOTO, change)];

describe('a new version that is right', () => {
  it('passes, and the log says what was seen', async () => {
    expect(await check()).toEqual(told('Succeeded'));

    expect(messages()).toEqual([
      expect.stringMatching(
        /^was passed: 1 task of build 0123456789ab answered by pets 3 in \d+ ms \(median of the slowest task\)$/,
      ),
      'CodeDeploy was told: Succeeded',
    ]);
    expect(lines[0]).toMatchObject({ level: 'info', requestId: 'request-1', deploymentId: DEPLOYMENT, attempt: 1 });
  });

  it('passes without a build in its task definition, whatever it tells of itself', async () => {
    aws.dockerLabels = undefined;
    task.answers['/version'] = () => [404, ''];
    expect(await check()).toEqual(told('Succeeded'));
  });

  it('passes when its endpoint has to wake up first: it is tried again', async () => {
    const unavailable = problem(new ProblemError('model-unavailable', { retryAfterSeconds: 1 }));
    task.answers['photo'] = (before) => (before < 2 ? unavailable : ok({}));
    expect(await check({ pauseMs: 10 })).toEqual(told('Succeeded'));

    expect(messages()).toEqual([
      `${new URL(task.url).host}: A photo is answered with 503 model-unavailable.`,
      `${new URL(task.url).host}: A photo is answered with 503 model-unavailable.`,
      expect.stringMatching(/^was passed/),
      'CodeDeploy was told: Succeeded',
    ]);
  });

  it('is waited for until all its tasks are well', async () => {
    let times = 0;
    aws.before = (operation) => {
      if (operation === 'DescribeServices') times += 1;
      aws.isMade = times > 1;
      aws.fresh =
        times < 4
          ? [{ url: task.url, state: 'initial', description: 'Target registration is in progress' }]
          : [
              { url: task.url, state: 'healthy' },
              { url: 'http://10.0.0.1:1', state: 'draining' },
            ];
    };
    expect(await check({ pauseMs: 10 })).toEqual(told('Succeeded'));

    const host = new URL(task.url).host;
    expect(messages().slice(0, 3)).toEqual([
      `ECS knows no tasks of ${DEPLOYMENT}.`,
      `The load balancer says: ${host} is initial (Target registration is in progress).`,
      `The load balancer says: ${host} is initial (Target registration is in progress).`,
    ]);
  });

  it('passes while a model is being exchanged, and that is said', async () => {
    const other = { model: { name: 'pets', version: '4', variant: 'AllTraffic' }, score: 0.9 };
    const predictions = [{ label: 'cat', name: { en: 'cat' }, score: 0.9 }];
    task.answers['photo'] = (before) => (before % 2 === 0 ? ok({}) : ok({ ...other, predictions }));
    expect(await check()).toEqual(told('Succeeded'));
    expect(messages()[0]).toContain('Answers came from pets 3 and pets 4: a model is being exchanged.');
  });
});

describe('before there is a model', () => {
  beforeEach(() => {
    task.answers['photo'] = () => MISSING;
  });

  it('a new version passes on health and build, and that is said', async () => {
    aws.serving = [{ url: task.url, state: 'healthy' }];
    expect(await check()).toEqual(told('Succeeded'));

    expect(messages()).toEqual([
      expect.stringContaining(
        'No model is deployed, so no photo could be tried: only health and build are known to be right.',
      ),
      'was passed: 1 task of build 0123456789ab without a model',
      'CodeDeploy was told: Succeeded',
    ]);
  });

  it('one of another build fails all the same', async () => {
    aws.dockerLabels = { build: 'ffffffffffff' };
    expect(await check()).toEqual(told('Failed'));
  });

  it('one fails that finds no model where the version that serves now has one', async () => {
    const old = await ScriptedService.start();
    aws.serving = [
      { url: 'http://10.0.0.1:1', state: 'unhealthy' },
      { url: old.url, state: 'healthy' },
    ];
    expect(await check()).toEqual(told('Failed'));
    await old.stop();
    expect(messages()[0]).toContain('It finds no model, and the version that serves now has one.');
  });
});

describe('a new version that is wrong', () => {
  it('fails, and the log says why', async () => {
    aws.dockerLabels = { build: 'ffffffffffff' };
    expect(await check()).toEqual(told('Failed'));

    const fault = `${new URL(task.url).host}: It is build "0123456789ab", and the task definition is of build "ffffffffffff".`;
    expect(messages()).toEqual([
      fault,
      expect.stringMatching(/^was failed after \d+ s and 1 attempt: /),
      'CodeDeploy was told: Failed',
    ]);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'error', 'info']);
    expect(lines[1]).toMatchObject({ faults: [fault] });
  });

  it('fails when one task of two is dead', async () => {
    const dead = await ScriptedService.start();
    await dead.stop();
    aws.fresh = [...aws.fresh, { url: dead.url, state: 'healthy' }];
    expect(await check()).toEqual(told('Failed'));
    expect(messages()[0]).toBe(
      `${new URL(dead.url).host}: GET /health/ready could not be asked: nobody listens there.`,
    );
  });

  it('fails when it hangs over a photo, at the latest when the time is over', async () => {
    task.answers['photo'] = () => 'never';
    expect(await check({ deadlineMs: 15_300 })).toEqual(told('Failed'));
    expect(messages()[0]).toContain('had no answer when the time of the check was over.');
  });

  it('is tried until the time is over', async () => {
    task.answers['/health/ready'] = () => [503, ''];
    expect(await check({ deadlineMs: 30_600, pauseMs: 100 })).toEqual(told('Failed'));
    expect(lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(1);
  });
});

describe('what the check itself cannot do', () => {
  it('takes the rollout back when it is of another group', async () => {
    aws.group = 'monitor';
    expect(await check()).toEqual(told('Failed'));
    expect(lines[0]).toMatchObject({
      msg: 'the rollout cannot be checked, so it is taken back',
      err: { message: 'The deployment is of the group monitor, not of web or was.' },
    });
  });

  it('takes the rollout back when AWS refuses, and tells what', async () => {
    const message = 'not authorized to perform: ecs:DescribeServices';
    aws.failures.push({ operation: 'DescribeServices', type: 'AccessDeniedException', message });
    expect(await check()).toEqual(told('Failed'));
    expect(messages()).toContain(`The check itself failed: AccessDeniedException, ${message}`);
  });

  it('takes the rollout back when the prober fails', async () => {
    aws.invoke = () => Promise.reject(new Error('Task timed out after 120.00 seconds'));
    expect(await check()).toEqual(told('Failed'));
    expect(messages()[0]).toContain('The prober failed: ');
    expect(messages()[0]).toContain('Task timed out after 120.00 seconds');
  });

  it('takes the rollout back when the prober does not ask every task', async () => {
    aws.invoke = () => Promise.resolve({ targets: [] });
    expect(await check()).toEqual(told('Failed'));
    expect(messages()[0]).toBe('The prober asked 0 tasks of 1.');
  });

  it('tells CodeDeploy again when that fails, and says so when it cannot', async () => {
    const failure = { operation: 'PutLifecycleEventHookExecutionStatus', type: 'ServerException', message: 'later' };
    aws.failures.push(failure);
    expect(await check()).toEqual(told('Succeeded'));

    aws.failures.push({ ...failure, type: 'DeploymentDoesNotExistException' });
    await expect(check()).rejects.toThrow('later');
    expect(messages().at(-1)).toBe('CodeDeploy could not be told: Succeeded');
  });

  it('is content when CodeDeploy no longer waits', async () => {
    const type = 'LifecycleEventAlreadyCompletedException';
    aws.failures.push({ operation: 'PutLifecycleEventHookExecutionStatus', type, message: 'done' });
    expect(await check()).toEqual([]);
    expect(messages().at(-1)).toBe('CodeDeploy had an answer already, or the rollout was stopped');
  });

  it('refuses what CodeDeploy does not send', async () => {
    const clients = aws.connect();
    const handler = createHandler(
      clients.codeDeploy,
      () => {
        throw new Error('not asked');
      },
      () => undefined,
    );
    await expect(handler({}, { awsRequestId: 'r', getRemainingTimeInMillis: () => 1 })).rejects.toThrow('DeploymentId');
  });
});

describe('the functions as Lambda loads them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the bundle in a process of its own; its last line is what the function answers. */
  const run = async (name: string, event: unknown, environment: NodeJS.ProcessEnv) => {
    const file = join(folder, `${name}.js`);
    writeFileSync(file, await bundleFunction(name));
    const context = `{ awsRequestId: 'r', getRemainingTimeInMillis: () => 360000 }`;
    const script = `require(${JSON.stringify(file)}).handler(${JSON.stringify(event)}, ${context}).then((answer) => console.log(JSON.stringify({ answer })))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...environment },
    });
    const written = stdout.trim().split('\n');
    return {
      lines: written.map((line) => JSON.parse(line) as Record<string, unknown>),
      code: readFileSync(file, 'utf8'),
    };
  };

  it('check a rollout', async () => {
    const { lines: written, code } = await run('verify-deployment', EVENT, { ...ENVIRONMENT, ...aws.environment });
    expect(aws.told).toEqual(told('Succeeded'));
    expect(written.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^was passed/),
      'CodeDeploy was told: Succeeded',
      undefined,
    ]);
    expect(code).not.toMatch(/@nestjs|class-validator/);
  });

  it('take a rollout back when they are not set up', async () => {
    const { lines: written } = await run('verify-deployment', EVENT, aws.environment);
    expect(aws.told).toEqual(told('Failed'));
    expect(written[0]).toMatchObject({
      msg: 'the rollout cannot be checked, so it is taken back',
      err: { message: expect.stringContaining('VERIFY_CLUSTER is not set; VERIFY_WEB_SERVICE is not set') },
    });
  });

  it('ask tasks, without the SDK', async () => {
    const { hostname: host, port } = new URL(task.url);
    const targets = [{ host, port: Number(port) }];
    const event = { service: 'was', targets, build: BUILD, slowMs: 5000, timeoutMs: 30_000 };
    const { lines: written, code } = await run('probe-targets', event, {});
    expect(written.at(-1)).toMatchObject({
      answer: { targets: [{ target: `${host}:${port}`, faults: [], notes: [], model: 'pets 3' }] },
    });
    expect(code).not.toMatch(/@nestjs|class-validator|aws-sdk/);
    expect(code.length).toBeLessThan(50_000);
  });
});

it('names all that is wrong with its settings', () => {
  expect(() => verifySettings({ ...ENVIRONMENT, VERIFY_PROBER: '', VERIFY_SLOW_SECONDS: '0' })).toThrow(
    'The function is not set up: VERIFY_PROBER is not set; VERIFY_SLOW_SECONDS should be a whole number from 1 to 20, not "0".',
  );
});

it('has a README that lists every setting with its default and meaning, and no other', () => {
  const readme = readFileSync(join(PRODUCT_ROOT, 'apps/functions/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `(VERIFY_[A-Z_]+)` +\| *(.*?) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
  expect(rows.map(([variable, preset, meaning]) => [variable, preset, meaning?.trim()])).toEqual(
    Object.entries(VARIABLES).map(([variable, { preset, meaning }]) => [
      variable,
      preset === undefined ? 'required' : `\`${preset}\``,
      meaning,
    ]),
  );
});

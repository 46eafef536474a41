// CodeBuild at the wire, with the log of its builds. moto 5.2 has one that is of no use here: it knows no project that a template makes,
// ends every build at the first look with success, and writes no log.
import { AwsCall, AwsDouble, json } from './aws-double';

export interface ScriptedPhase {
  readonly phaseType: string;
  /** SUCCEEDED unless it is said otherwise. */
  readonly phaseStatus?: string;
  readonly message?: string;
  /** What the log says when the phase is over. */
  readonly lines?: readonly string[];
}

export interface ScriptedBuild {
  readonly id: string;
  readonly project: string;
  readonly sourceVersion: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of those that its plan has, how many are over. */
  done: number;
  status: string;
}

export const container = (line: string) => `[Container] 2026/11/23 23:44:51.123456 ${line}`;

const UP_TO_INSTALL: readonly ScriptedPhase[] = [
  { phaseType: 'SUBMITTED' },
  { phaseType: 'QUEUED' },
  { phaseType: 'PROVISIONING' },
  { phaseType: 'DOWNLOAD_SOURCE', lines: [container('Waiting for agent ping'), container('Phase is DOWNLOAD_SOURCE')] },
  { phaseType: 'INSTALL', lines: [container('Running command npm ci --no-audit --no-fund'), 'added 612 packages'] },
];

export const GOOD: readonly ScriptedPhase[] = [
  ...UP_TO_INSTALL,
  { phaseType: 'PRE_BUILD', lines: [container('Running command npm test'), 'Tests: 3 passed, 3 total'] },
  { phaseType: 'BUILD', lines: [container('Running command bash tools/delivery/build-image.sh web'), 'pushed'] },
  { phaseType: 'POST_BUILD' },
];

export const FAILING_TESTS: readonly ScriptedPhase[] = [
  ...UP_TO_INSTALL,
  {
    phaseType: 'PRE_BUILD',
    phaseStatus: 'FAILED',
    message: 'Error while executing command: npm test. Reason: exit status 1',
    lines: [
      container('Running command npm run check'),
      'check: 9 passed, 0 failed',
      container('Running command npm test'),
      '  ● a rose is a rose',
      'Tests: 1 failed, 2 passed, 3 total',
      container('Command did not exit successfully npm test exit status 1'),
      container('Phase complete: PRE_BUILD State: FAILED'),
    ],
  },
  {
    phaseType: 'POST_BUILD',
    phaseStatus: 'FAILED',
    message: 'Error while executing command: echo. Reason: exit status 2',
  },
];

const LOG_GROUP = '/builds';
const PHASES_BETWEEN_LOOKS = 3;

export class ScriptedCodeBuild {
  readonly builds: ScriptedBuild[] = [];
  /** Of the builds that begin from now on. */
  plan: readonly ScriptedPhase[] = GOOD;
  /** A build goes on by some phases whenever it is looked at, unless it is held. */
  isHeld = false;
  /** When a build has gone well: what it would have written. */
  onSuccess: () => Promise<void> = () => Promise.resolve();
  /** Answers the next StartBuild with this error. */
  refusal: { readonly __type: string; readonly message: string } | undefined;
  readonly #plans = new Map<ScriptedBuild, readonly ScriptedPhase[]>();

  constructor(aws: AwsDouble) {
    aws.scripts.unshift((call) => this.#answer(call));
  }

  /** One that somebody else has started. */
  add(project: string, sourceVersion: string, environment: Readonly<Record<string, string>> = {}): ScriptedBuild {
    const id = `${project}:build-${this.builds.length + 1}`;
    const build = { id, project, sourceVersion, environment, done: 0, status: 'IN_PROGRESS' };
    this.builds.push(build);
    this.#plans.set(build, this.plan);
    return build;
  }

  async #answer({ action, input }: AwsCall) {
    switch (action) {
      case 'StartBuild': {
        if (this.refusal !== undefined) return json(this.refusal, 400);
        const variables = (input['environmentVariablesOverride'] ?? []) as { name: string; value: string }[];
        const environment = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
        const build = this.add(String(input['projectName']), String(input['sourceVersion']), environment);
        return json({ build: this.#told(build) });
      }
      case 'ListBuildsForProject': {
        const own = this.builds.filter(({ project }) => project === input['projectName']);
        return json({ ids: own.map(({ id }) => id).reverse() });
      }
      case 'BatchGetBuilds': {
        const asked = this.builds.filter(({ id }) => (input['ids'] as string[]).includes(id));
        for (const build of asked) await this.#goOn(build);
        return json({ builds: asked.map((build) => this.#told(build)) });
      }
      case 'StopBuild': {
        const build = this.builds.find(({ id }) => id === input['id']);
        if (build !== undefined) build.status = 'STOPPED';
        return json({});
      }
      case 'GetLogEvents':
        return input['logGroupName'] === LOG_GROUP ? this.#log(input) : undefined;
      default:
        return undefined;
    }
  }

  async #goOn(build: ScriptedBuild): Promise<void> {
    if (this.isHeld || build.status !== 'IN_PROGRESS') return;
    const plan = this.#plans.get(build) ?? [];
    build.done = Math.min(build.done + PHASES_BETWEEN_LOOKS, plan.length);
    if (build.done < plan.length) return;
    const failed = plan.find(({ phaseStatus = 'SUCCEEDED' }) => phaseStatus !== 'SUCCEEDED');
    build.status = failed?.phaseStatus ?? 'SUCCEEDED';
    if (build.status === 'SUCCEEDED') await this.onSuccess();
  }

  #told(build: ScriptedBuild) {
    const plan = this.#plans.get(build) ?? [];
    return {
      id: build.id,
      projectName: build.project,
      sourceVersion: build.sourceVersion,
      buildStatus: build.status,
      currentPhase: plan[build.done]?.phaseType ?? 'COMPLETED',
      phases: plan.slice(0, build.done).map(({ phaseType, phaseStatus = 'SUCCEEDED', message }) => ({
        ...{ phaseType, phaseStatus, durationInSeconds: 12 },
        contexts: [{ statusCode: '', message: message ?? '' }],
      })),
      logs: { groupName: LOG_GROUP, streamName: build.id },
    };
  }

  /** In pages of two lines, so that tokens have a meaning. */
  #log({ logStreamName, nextToken }: AwsCall['input']) {
    const build = this.builds.find(({ id }) => id === logStreamName);
    if (build === undefined) return json({ __type: 'ResourceNotFoundException', message: 'no such stream' }, 400);
    const plan = this.#plans.get(build) ?? [];
    const lines = plan.slice(0, build.done).flatMap((phase) => phase.lines ?? []);
    const start = nextToken === undefined ? 0 : Number((nextToken as string).replace('f/', '')); /* of ours, below */
    const page = lines.slice(start, start + 2);
    return json({
      events: page.map((message) => ({ message, timestamp: 0 })),
      nextForwardToken: `f/${start + page.length}`,
    });
  }
}

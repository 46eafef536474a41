/** Tries the new tasks of a rollout until they are right or the time is over, and says in words what was found. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionLog, describeError } from '../function-log';
import { ProbeReport, ProbeRequest, readProbeReport, Service } from '../probe-report';
import { findNewTasks, RolloutClients, RolloutFault, serviceOf } from './new-tasks';
import type { VerifySettings } from './verify-deployment.config';

/** Of one invocation of the prober; its time limit is 120 s. */
const LONGEST_PROBE_MS = 100_000;
/** For what the prober has on top of its questions: its start in the VPC, the way. */
const PROBE_OVERHEAD_MS = 15_000;
/** With less left it is not tried again: it would find nothing but that the time was over. */
const LEAST_ATTEMPT_MS = 30_000;

export interface VerifyContext extends RolloutClients {
  readonly lambda: LambdaClient;
  readonly settings: VerifySettings;
  readonly pauseMs: number;
}

export interface Rollout {
  readonly deploymentId: string;
  /** Of the function: how long it may try. */
  readonly remainingMs: number;
}

/** Whether visitors may be moved to the new version. Throws when it cannot be found out whose it is. */
export async function verifyDeployment(context: VerifyContext, rollout: Rollout, log: FunctionLog): Promise<boolean> {
  const startedAt = performance.now();
  const budgetMs = Math.min(context.settings.deadlineMs, rollout.remainingMs);
  const leftMs = () => budgetMs - (performance.now() - startedAt);
  const abortSignal = AbortSignal.timeout(Math.max(1, budgetMs));
  const service = await serviceOf(context.codeDeploy, rollout.deploymentId, abortSignal);
  for (let attempt = 1; ; attempt++) {
    const { faults, notes, summary } = await tryOnce(context, { ...rollout, service }, leftMs(), abortSignal).catch(
      (error: unknown): Outcome => ({ faults: [faultOf(error, log)], notes: [], summary: '' }),
    );
    for (const note of notes) log.log('info', note, { attempt });
    for (const fault of faults) log.log('warn', fault, { attempt });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    if (faults.length === 0) {
      log.log('info', `${service} passed: ${summary}`, { attempt, seconds });
      return true;
    }
    if (leftMs() <= context.pauseMs + LEAST_ATTEMPT_MS) {
      const last = `${faults[0] ?? ''}${faults.length > 1 ? ` And ${faults.length - 1} more.` : ''}`;
      log.log(
        'error',
        `${service} failed after ${seconds} s and ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}: ${last}`,
        {
          faults,
        },
      );
      return false;
    }
    await sleep(context.pauseMs);
  }
}

interface Outcome {
  readonly faults: readonly string[];
  readonly notes: readonly string[];
  readonly summary: string;
}

async function tryOnce(
  context: VerifyContext,
  { service, deploymentId }: { readonly service: Service; readonly deploymentId: string },
  leftMs: number,
  abortSignal: AbortSignal,
): Promise<Outcome> {
  const { settings } = context;
  const { targets, serving, build } = await findNewTasks(context, settings, { service, deploymentId }, abortSignal);
  const report = await probe(
    context,
    {
      service,
      targets,
      ...(build === undefined ? {} : { build }),
      ...(serving === undefined ? {} : { serving }),
      slowMs: settings.slowMs,
      timeoutMs: Math.round(Math.max(1, Math.min(LONGEST_PROBE_MS, leftMs - PROBE_OVERHEAD_MS))),
    },
    abortSignal,
  );
  const told = (kind: 'faults' | 'notes') =>
    report.targets.flatMap((found) => found[kind].map((sentence) => `${found.target}: ${sentence}`));
  return { faults: told('faults'), notes: told('notes'), summary: summaryOf(report, build) };
}

/** @throws RolloutFault when the prober itself failed */
async function probe(
  { lambda, settings }: VerifyContext,
  request: ProbeRequest,
  abortSignal: AbortSignal,
): Promise<ProbeReport> {
  const command = new InvokeCommand({ FunctionName: settings.prober, Payload: Buffer.from(JSON.stringify(request)) });
  const { FunctionError, Payload } = await lambda.send(command, { abortSignal });
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new RolloutFault(`The prober failed: ${text}`);
  const report = readProbeReport(JSON.parse(text));
  if (report.targets.length !== request.targets.length) {
    throw new RolloutFault(`The prober asked ${report.targets.length} tasks of ${request.targets.length}.`);
  }
  return report;
}

/** `2 tasks of build 0123456789ab answered as flowers 3, the slower half of 5 answers after 120 ms` */
function summaryOf({ targets }: ProbeReport, build: string | undefined): string {
  const tasks = `${targets.length} ${targets.length === 1 ? 'task' : 'tasks'}${build === undefined ? '' : ` of build ${build}`}`;
  const [model] = targets.flatMap((target) => target.model ?? []);
  if (model === undefined) return `${tasks} without a model`;
  const slowest = Math.max(...targets.map(({ medianMs }) => medianMs ?? 0));
  return `${tasks} answered by ${model} in ${slowest} ms (median of the slowest task)`;
}

function faultOf(error: unknown, log: FunctionLog): string {
  if (error instanceof RolloutFault) return error.message;
  log.log('error', 'the check itself failed', { err: describeError(error) });
  return `The check itself failed: ${error instanceof Error ? `${error.name}, ${error.message}` : String(error)}`;
}

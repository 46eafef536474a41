/**
 * The Lambda function that CodeDeploy calls when the test listener leads to the new version (AfterAllowTestTraffic). CodeDeploy
 * waits up to an hour for a word, so whatever happens it gets one: that the version is right, or that it has to go back.
 */
import {
  CodeDeployClient,
  LifecycleEventAlreadyCompletedException,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { describeError, FunctionLog, WriteLine, writeToStdout } from '../function-log';
import { VerifyContext, verifyDeployment } from './verify-deployment';
import { settingsOfProcess } from './verify-deployment.config';

/** What is kept of the function's time for telling CodeDeploy. */
const REPORT_MS = 45_000;
const PAUSE_MS = 10_000;
/** With pauses that double up to 20 s: a report must not get lost. */
const ATTEMPTS_OF_A_CALL = 6;

interface HookEvent {
  readonly deploymentId: string;
  readonly executionId: string;
}

/** `connect` is called for each event: a function that is not set up takes the rollout back, and says why. */
export function createHandler(codeDeploy: CodeDeployClient, connect: () => VerifyContext, write: WriteLine) {
  return async (
    event: unknown,
    { awsRequestId: requestId, getRemainingTimeInMillis }: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  ): Promise<void> => {
    const { deploymentId, executionId } = readHookEvent(event);
    const log = new FunctionLog(write, { requestId, deploymentId });
    const rollout = { deploymentId, remainingMs: getRemainingTimeInMillis() - REPORT_MS };
    const isRight = await verified(connect, rollout, log);
    await report(codeDeploy, { deploymentId, executionId }, isRight, log);
  };
}

async function verified(
  connect: () => VerifyContext,
  rollout: Parameters<typeof verifyDeployment>[1],
  log: FunctionLog,
) {
  try {
    return await verifyDeployment(connect(), rollout, log);
  } catch (error) {
    log.log('error', 'the rollout cannot be checked, so it is taken back', { err: describeError(error) });
    return false;
  }
}

/** Throws when CodeDeploy cannot be told: then Lambda calls the function again. */
async function report(
  codeDeploy: CodeDeployClient,
  { deploymentId, executionId }: HookEvent,
  isRight: boolean,
  log: FunctionLog,
) {
  const status = isRight ? 'Succeeded' : 'Failed';
  try {
    await codeDeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId,
        lifecycleEventHookExecutionId: executionId,
        status,
      }),
      { abortSignal: AbortSignal.timeout(REPORT_MS) },
    );
    log.log('info', `CodeDeploy was told: ${status}`);
  } catch (error) {
    if (error instanceof LifecycleEventAlreadyCompletedException) {
      log.log('info', 'CodeDeploy had an answer already, or the rollout was stopped');
      return;
    }
    log.log('error', `CodeDeploy could not be told: ${status}`, { err: describeError(error) });
    throw error;
  }
}

/** @throws TypeError for what CodeDeploy does not send */
function readHookEvent(event: unknown): HookEvent {
  const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: executionId } = (event ?? {}) as Record<
    string,
    unknown
  >;
  if (typeof deploymentId !== 'string' || typeof executionId !== 'string') {
    throw new TypeError('The event should be { DeploymentId, LifecycleEventHookExecutionId }, as CodeDeploy sends it.');
  }
  return { deploymentId, executionId };
}

const codeDeploy = new CodeDeployClient({ maxAttempts: ATTEMPTS_OF_A_CALL });

export const handler = createHandler(
  codeDeploy,
  () => ({
    codeDeploy,
    ecs: new ECSClient({}),
    loadBalancing: new ElasticLoadBalancingV2Client({}),
    lambda: new LambdaClient({}),
    settings: settingsOfProcess(),
    pauseMs: PAUSE_MS,
  }),
  writeToStdout,
);

// What CodePipeline says of a run, as a person reads it. Pure.
import type { ActionExecutionDetail, StageState } from '@aws-sdk/client-codepipeline';

export interface ActionInWords {
  readonly word: string;
  readonly text: string;
  readonly hasFailed: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  InProgress: 'begun',
  Succeeded: 'done',
  Failed: 'failed',
  Abandoned: 'given up',
};

/** `done`, `Was (4 min 02 s)` */
export function actionInWords(action: ActionExecutionDetail, took: string | undefined): ActionInWords {
  const { stageName = '', actionName = '', status = '', input } = action;
  const name = stageName === actionName || actionName === '' ? stageName : `${stageName}: ${actionName}`;
  if (status === 'InProgress' && input?.actionTypeId?.category === 'Approval') {
    return {
      word: 'waits',
      text: `${name}: somebody has to approve it, with AWS's console or command line`,
      hasFailed: false,
    };
  }
  const place = status === 'InProgress' ? idOf(action) : undefined;
  const rest = [took === undefined ? [] : `(${took})`, place ?? []].flat().join(' ');
  return {
    word: WORDS[status] ?? status.toLowerCase(),
    text: rest === '' ? name : `${name} ${rest}`,
    hasFailed: status === 'Failed',
  };
}

/** Of the build or rollout that an action has begun elsewhere. */
export function idOf({ output }: ActionExecutionDetail): string | undefined {
  return output?.executionResult?.externalExecutionId;
}

/** A stage that the run has left out, as its condition says; its actions are not told. */
export function isSkipped({ latestExecution }: StageState, runId: string): boolean {
  return latestExecution?.pipelineExecutionId === runId && String(latestExecution.status) === 'Skipped';
}

/** Why an action failed, in CodePipeline's words. */
export function reasonOfFailure({ output }: ActionExecutionDetail): string {
  const result = output?.executionResult;
  const reason = result?.errorDetails?.message ?? result?.externalExecutionSummary;
  return reason === undefined || reason === '' ? 'CodePipeline gives no reason.' : reason;
}

const HOW: Readonly<Record<string, string>> = {
  Stopped: 'was stopped',
  Stopping: 'is being stopped',
  Superseded: 'was overtaken by a later one',
  Cancelled: 'was cancelled',
  Failed: 'failed',
};

export function endInWords(status: string): string {
  return HOW[status] ?? `ended as ${status}`;
}

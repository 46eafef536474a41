/** Waits for a run of the delivery pipeline to end, and shows on the way which stage it is at. */
import {
  ActionExecutionDetail,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '../../../apps/pipeline/src/output/figures';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { ProgressPrinter } from '../terminal/progress-printer';
import { actionInWords, isSkipped } from './release-words';

const POLL_INTERVAL_MS = 3_000;

export interface EndedRun {
  /** `Succeeded`, `Failed`, `Stopped`, `Superseded`, `Cancelled` */
  readonly status: string;
  /** In the order in which they began. */
  readonly actions: readonly ActionExecutionDetail[];
}

export async function followRun(
  clients: AwsClients,
  pipelineName: string,
  runId: string,
  printer: ProgressPrinter,
): Promise<EndedRun> {
  const shown = new Set<string>();
  for (;;) {
    // Asked first: an action that ends while we look is still shown.
    const status = await statusOf(clients, pipelineName, runId);
    const actions = await actionsOf(clients, pipelineName, runId);
    for (const action of actions) showAction(action, shown, printer);
    await showSkipped(clients, { pipelineName, runId, shown, printer });
    if (status !== 'InProgress' && status !== 'Stopping') return { status, actions };
    const current = actions.find((action) => action.status === 'InProgress');
    printer.remind(current === undefined ? 'waiting for its turn' : `still at ${current.stageName ?? ''}`);
    await sleep(POLL_INTERVAL_MS);
  }
}

async function statusOf({ codePipeline }: AwsClients, pipelineName: string, runId: string): Promise<string> {
  const { pipelineExecution } = await codePipeline.send(
    new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId: runId }),
  );
  return pipelineExecution?.status ?? 'InProgress';
}

async function actionsOf(
  { codePipeline }: AwsClients,
  pipelineName: string,
  runId: string,
): Promise<ActionExecutionDetail[]> {
  const answer = await unlessMissing(
    codePipeline.send(new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId: runId } })),
  );
  return [...(answer?.actionExecutionDetails ?? [])].sort(
    (one, other) => (one.startTime?.getTime() ?? 0) - (other.startTime?.getTime() ?? 0),
  );
}

/** Its begin and its end, each once. */
function showAction(action: ActionExecutionDetail, shown: Set<string>, printer: ProgressPrinter): void {
  const key = `${action.actionExecutionId ?? ''} ${action.status ?? ''}`;
  if (shown.has(key)) return;
  shown.add(key);
  const { startTime, lastUpdateTime, status } = action;
  const isOver = status !== 'InProgress' && startTime !== undefined && lastUpdateTime !== undefined;
  const took = isOver ? duration(lastUpdateTime.getTime() - startTime.getTime()) : undefined;
  const { word, text, hasFailed } = actionInWords(action, took);
  printer.row(word, text, hasFailed ? 'red' : undefined);
}

interface Looking {
  readonly pipelineName: string;
  readonly runId: string;
  readonly shown: Set<string>;
  readonly printer: ProgressPrinter;
}

async function showSkipped({ codePipeline }: AwsClients, { pipelineName, runId, shown, printer }: Looking) {
  const { stageStates = [] } = await codePipeline.send(new GetPipelineStateCommand({ name: pipelineName }));
  for (const stage of stageStates.filter((each) => isSkipped(each, runId))) {
    const key = `skipped ${stage.stageName ?? ''}`;
    if (shown.has(key)) continue;
    shown.add(key);
    printer.row('left out', `${stage.stageName ?? ''}: it is what it was`, 'dim');
  }
}

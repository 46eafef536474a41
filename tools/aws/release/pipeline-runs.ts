/** The runs of the delivery pipeline: which there are, stopping them. */
import {
  ListPipelineExecutionsCommand,
  PipelineExecutionSummary,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorName, unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';

const POLL_INTERVAL_MS = 3_000;
/** What is under way, or waits for that, is among the newest. */
const NEWEST = 20;

/** The newest first. None where there is no such pipeline. */
export async function pipelineRuns(
  { codePipeline }: AwsClients,
  pipelineName: string,
): Promise<PipelineExecutionSummary[]> {
  const answer = await unlessMissing(
    codePipeline.send(new ListPipelineExecutionsCommand({ pipelineName, maxResults: NEWEST })),
  );
  return answer?.pipelineExecutionSummaries ?? [];
}

export function isUnderWay({ status }: PipelineExecutionSummary): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

/** Without waiting for its actions: what they have begun is stopped where it runs. */
export async function stopRuns(clients: AwsClients, pipelineName: string, say: (text: string) => void): Promise<void> {
  const runs = async () => (await pipelineRuns(clients, pipelineName)).filter(isUnderWay);
  for (const { pipelineExecutionId = '', status } of await runs()) {
    if (status === 'Stopping') continue;
    say(`Stopping the run ${pipelineExecutionId} of the delivery pipeline.`);
    try {
      const reason = 'The stage is being taken away.';
      await clients.codePipeline.send(
        new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon: true, reason }),
      );
    } catch (error) {
      // It has come to its end in the meantime.
      if (!/^(PipelineExecutionNotStoppable|DuplicatedStopRequest)Exception$/.test(errorName(error))) throw error;
    }
  }
  while ((await runs()).length > 0) await sleep(POLL_INTERVAL_MS);
}

/** Runs of the pipeline: starts one, and knows what the latest ones have learnt from. */
import {
  paginateListPipelineExecutions,
  paginateListPipelineParametersForExecution,
  PipelineExecutionSummary,
  SageMakerClient,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';

/** Parameters are asked for run by run: further back nobody looks. */
const LATEST_RUNS = 50;

export interface FoundRun {
  readonly arn: string;
  readonly status: string;
}

export class PipelineRuns {
  constructor(
    private readonly sageMaker: SageMakerClient,
    private readonly pipeline: string,
  ) {}

  /** The newest of the latest runs that has learnt, learns or tried to learn from the data; undefined when there is none. */
  async on(trainingData: string): Promise<FoundRun | undefined> {
    for await (const { PipelineExecutionArn: arn, PipelineExecutionStatus: status } of this.#latest()) {
      if (arn === undefined || !(await this.#learntFrom(arn, trainingData))) continue;
      return { arn, status: status ?? 'unknown' };
    }
    return undefined;
  }

  /**
   * Starts a run and gives its ARN.
   *
   * @param token 32 to 128 letters, digits and dashes: what is started again with the same one is the same run
   */
  async start(name: string, parameters: Readonly<Record<string, string>>, token: string): Promise<string> {
    const { PipelineExecutionArn } = await this.sageMaker.send(
      new StartPipelineExecutionCommand({
        PipelineName: this.pipeline,
        PipelineExecutionDisplayName: name,
        PipelineParameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
        ClientRequestToken: token,
      }),
    );
    return PipelineExecutionArn ?? '';
  }

  async *#latest(): AsyncGenerator<PipelineExecutionSummary> {
    let seen = 0;
    const request = { PipelineName: this.pipeline, SortBy: 'CreationTime', SortOrder: 'Descending' } as const;
    const pages = paginateListPipelineExecutions({ client: this.sageMaker }, { ...request, MaxResults: LATEST_RUNS });
    for await (const { PipelineExecutionSummaries = [] } of pages) {
      for (const summary of PipelineExecutionSummaries) {
        yield summary;
        if (++seen === LATEST_RUNS) return;
      }
    }
  }

  async #learntFrom(arn: string, trainingData: string): Promise<boolean> {
    const request = { PipelineExecutionArn: arn };
    for await (const page of paginateListPipelineParametersForExecution({ client: this.sageMaker }, request)) {
      const found = page.PipelineParameters?.find(({ Name }) => Name === 'TrainingData');
      if (found !== undefined) return found.Value === trainingData;
    }
    return false;
  }
}

import { Run, RunSummary } from './run';

/** The model pipeline of a product and its runs. */
export interface Pipelines {
  /** Makes the pipeline what the definition says, and leaves it alone when it is that already. */
  put(definition: string): Promise<'created' | 'updated' | 'unchanged'>;
  /** Whether the pipeline is what the definition says. */
  compare(definition: string): Promise<'same' | 'different' | 'missing'>;
  /** Gives the id of the run. */
  start(name: string, parameters: ReadonlyMap<string, string>): Promise<string>;
  /** Lets a run that failed or was stopped go on where it ended. */
  resume(id: string): Promise<void>;
  stop(id: string): Promise<void>;
  /** Newest first; none when there is no pipeline yet. */
  list(limit: number): Promise<readonly RunSummary[]>;
  /** Undefined when there is no such run. */
  describe(id: string): Promise<Run | undefined>;
  parametersOf(id: string): Promise<ReadonlyMap<string, string>>;
  /** The prefix of the job's output of that name, as an S3 URI. */
  outputOf(processingJob: string, output: string): Promise<string | undefined>;
}

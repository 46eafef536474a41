// A run of the pipeline: what happened, and what it came to. Knows neither SageMaker's words nor how a run is shown.

export type RunState = 'running' | 'stopping' | 'stopped' | 'failed' | 'succeeded';
export type StepState = 'starting' | 'running' | 'stopping' | 'stopped' | 'failed' | 'succeeded';

export interface Job {
  readonly kind: 'training' | 'processing';
  readonly name: string;
}

export interface RunStep {
  readonly name: string;
  readonly state: StepState;
  readonly started?: Date;
  readonly ended?: Date;
  /** Nothing was computed: an earlier run did the same with the same inputs. */
  readonly cached: boolean;
  readonly failure?: string;
  readonly job?: Job;
  /** Of the step that registers. */
  readonly version?: number;
  /** Of the gate. */
  readonly passed?: boolean;
  /** Of the step that ends a run whose gate said no. */
  readonly refusal?: string;
}

export interface RunSummary {
  readonly id: string;
  /** Name of the model that is made. */
  readonly name?: string;
  readonly state: RunState;
  readonly started: Date;
  readonly failure?: string;
}

export interface Run extends RunSummary {
  /** Of the last change. */
  readonly changed?: Date;
  /** In the order in which they started. */
  readonly steps: readonly RunStep[];
}

export type RunOutcome = 'running' | 'registered' | 'refused' | 'stopped' | 'failed';

export function outcomeOf(run: Run): RunOutcome {
  if (run.state === 'running' || run.state === 'stopping') return 'running';
  if (run.steps.some((step) => step.passed === false || step.refusal !== undefined)) return 'refused';
  if (run.state === 'stopped') return 'stopped';
  return run.state === 'succeeded' ? 'registered' : 'failed';
}

export function registeredVersion(run: Run): number | undefined {
  return run.steps.find((step) => step.version !== undefined)?.version;
}

/** Of the processing jobs, of which there is one: it measures the model. */
export function evaluationJob(run: Run): Job | undefined {
  return run.steps.find((step) => step.job?.kind === 'processing')?.job;
}

export function durationOf({ started, ended }: RunStep, now: Date): number | undefined {
  return started === undefined ? undefined : (ended ?? now).getTime() - started.getTime();
}

/**
 * Records of pipeline executions. Each has one writer: what was asked for is written once; an attempt and the steps belong to the
 * process that claimed the attempt; a wish to stop is a record of its own. So a process that is killed at any moment leaves
 * whole records, and others can tell that it is gone.
 */
import { arnOf } from '../control-plane/arn';
import { StateFolder } from '../state';
import { JobKind, nowSeconds, OWNER_IS_GONE } from './job-record';
import { ParameterValues } from './parameters';
import { isRunning, ProcessIdentity } from './process-identity';

export interface ExecutionRecord {
  readonly id: string;
  readonly pipeline: string;
  readonly definition: string;
  readonly parameters: ParameterValues;
  readonly displayName?: string;
  readonly description?: string;
  /** Seconds since 1970, like all times here. */
  readonly creationTime: number;
  /** Runs it until there is a first attempt. */
  readonly owner: ProcessIdentity;
}

export function executionArn({ pipeline, id }: Pick<ExecutionRecord, 'pipeline' | 'id'>): string {
  return `${arnOf('pipeline', pipeline)}/execution/${id}`;
}

/** An execution's id is unique among those of all pipelines. */
export function executionIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

export type ExecutionStatus = 'Executing' | 'Stopping' | 'Stopped' | 'Failed' | 'Succeeded';

export interface AttemptRecord {
  /** From 1. */
  readonly number: number;
  readonly owner: ProcessIdentity;
  readonly status: ExecutionStatus;
  readonly startTime: number;
  readonly endTime?: number;
  readonly failureReason?: string;
  /** `ClientRequestToken` of the retry that made it. */
  readonly token?: string;
}

export type StepStatus = 'Executing' | 'Stopped' | 'Failed' | 'Succeeded';

export interface StepRecord {
  readonly name: string;
  readonly status: StepStatus;
  readonly startTime: number;
  readonly endTime?: number;
  readonly failureReason?: string;
  /** How often it was begun in this execution. */
  readonly attemptCount: number;
  /** Of a Training or Processing step; of an earlier execution when `cacheSource` names one. */
  readonly job?: { readonly kind: JobKind; readonly name: string };
  /** Id of the execution whose result was used. */
  readonly cacheSource?: string;
  readonly outcome?: 'True' | 'False';
  readonly modelPackageArn?: string;
  readonly errorMessage?: string;
}

export class ExecutionRecords {
  /** What could not be written when a run ended, because the disk is full: at least this process tells how it ended. */
  readonly #unwritten = new Map<string, object>();

  constructor(private readonly state: StateFolder) {}

  /** False when there is an execution with this id. */
  create(execution: ExecutionRecord): Promise<boolean> {
    return this.state.create(execution, 'executions', execution.id, 'execution.json');
  }

  read(id: string): Promise<ExecutionRecord | undefined> {
    return this.state.read('executions', id, 'execution.json');
  }

  async list(): Promise<ExecutionRecord[]> {
    const ids = await this.state.list('executions');
    return (await Promise.all(ids.map((id) => this.read(id)))).filter((execution) => execution !== undefined);
  }

  /** Makes the caller the one who runs the execution; false when somebody else came first. */
  claim(id: string, attempt: AttemptRecord): Promise<boolean> {
    return this.state.create(attempt, ...attemptPlace(id, attempt.number));
  }

  async finish(id: string, attempt: AttemptRecord): Promise<void> {
    await this.#writeOrKeep(attempt, attemptPlace(id, attempt.number));
  }

  /** The latest attempt as it really is: one whose process is gone has stopped, one that shall stop is stopping. */
  async currentAttempt(execution: ExecutionRecord): Promise<AttemptRecord> {
    const { id, owner, creationTime: startTime } = execution;
    const names = await this.state.list('executions', id, 'attempts');
    const number = Math.max(0, ...names.map((name) => parseInt(name, 10)));
    const attempt = (await this.#read<AttemptRecord>(attemptPlace(id, number))) ?? {
      number,
      owner,
      status: 'Executing',
      startTime,
    };
    if (attempt.status !== 'Executing') return attempt;
    if (!(await isRunning(attempt.owner))) return { ...attempt, status: 'Stopped', failureReason: OWNER_IS_GONE };
    return (await this.isStopRequested(id, number)) ? { ...attempt, status: 'Stopping' } : attempt;
  }

  async attemptWithToken(id: string, token: string): Promise<AttemptRecord | undefined> {
    const names = await this.state.list('executions', id, 'attempts');
    const attempts = await Promise.all(
      names.map((name) => this.#read<AttemptRecord>(['executions', id, 'attempts', name])),
    );
    return attempts.find((attempt) => attempt?.token === token);
  }

  /** Whoever runs the attempt looks for this. */
  async requestStop(id: string, attempt: number): Promise<void> {
    await this.state.write({ time: nowSeconds() }, ...stopPlace(id, attempt));
  }

  async isStopRequested(id: string, attempt: number): Promise<boolean> {
    return (await this.state.read(...stopPlace(id, attempt))) !== undefined;
  }

  async writeStep(id: string, step: StepRecord): Promise<void> {
    const place = stepPlace(id, `${step.name}.json`);
    await this.state.write(step, ...place);
    this.#unwritten.delete(place.join('/')); // of an earlier attempt
  }

  async finishStep(id: string, step: StepRecord): Promise<void> {
    await this.#writeOrKeep(step, stepPlace(id, `${step.name}.json`));
  }

  /** In the order in which they were begun. */
  async readSteps(id: string): Promise<StepRecord[]> {
    const names = await this.state.list('executions', id, 'steps');
    const steps = await Promise.all(names.map((name) => this.#read<StepRecord>(stepPlace(id, name))));
    return steps.filter((step) => step !== undefined).sort((a, b) => a.startTime - b.startTime);
  }

  async #read<T extends object>(place: readonly string[]): Promise<T | undefined> {
    const kept = this.#unwritten.get(place.join('/')) as T | undefined; // kept under the place of its kind
    return kept ?? this.state.read<T>(...place);
  }

  async #writeOrKeep(record: object, place: readonly string[]): Promise<void> {
    try {
      await this.state.write(record, ...place);
    } catch {
      // Whoever asks this process is told; others see that it is unfinished, and stopped once this process is gone.
      this.#unwritten.set(place.join('/'), record);
    }
  }
}

function attemptPlace(id: string, number: number): string[] {
  return ['executions', id, 'attempts', `${number}.json`];
}

function stepPlace(id: string, name: string): string[] {
  return ['executions', id, 'steps', name];
}

function stopPlace(id: string, attempt: number): string[] {
  return ['executions', id, 'stop-requests', `${attempt}.json`];
}

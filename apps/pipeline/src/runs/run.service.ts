/** Starts runs of the pipeline, follows them and says what they came to. Sees neither SageMaker's words nor a terminal. */
import { EvaluationFile, EvaluationOutput, EvaluationReport } from '@app/contracts/learning';
import { pipelinePlaces, runParameters } from '@app/contracts/pipeline';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, UsageError } from '../command.error';
import { ModelService } from '../models/model.service';
import { ObjectStore } from '../storage/object-store.port';
import { backboneFiles } from './backbone-files';
import { requireClassFolders, requireImages } from './data-folder';
import { Condition, conditionsOf } from './gate';
import { JobLog } from './job-log.port';
import { Pipelines } from './pipelines.port';
import { evaluationJob, Job, outcomeOf, registeredVersion, Run, RunOutcome, RunSummary } from './run';
import { DEFAULT_LIMITS, isS3Uri, requestParameters, RunRequest } from './run-request';

/** What a run is told of the place where it runs. */
export interface RunPlace {
  readonly role: string;
  readonly image: string;
  readonly group: string;
  readonly endpoint: string;
  /** How long to wait before asking again. */
  readonly pollIntervalMs: number;
  /** Whose stack has made the pipeline; without it the pipeline is made and kept up to date here. */
  readonly stage?: string;
  readonly definition: () => Promise<string>;
  readonly codeVersion: () => Promise<string>;
}

export interface RunResult {
  readonly run: Run;
  readonly outcome: RunOutcome;
  readonly version?: number;
  readonly evaluation?: EvaluationReport;
  /** Place of `report.html`. */
  readonly report?: string;
  readonly conditions: readonly Condition[];
}

/** What to do at each look at a run that is not over. */
export type RunWatcher = (run: Run, progress: ReadonlyMap<string, string>) => void;

export class RunService {
  constructor(
    private readonly pipelines: Pipelines,
    private readonly objects: ObjectStore,
    private readonly jobLog: JobLog,
    private readonly models: ModelService,
    private readonly place: RunPlace,
  ) {}

  /** Checks what was asked for, makes it reachable for the jobs, and starts a run; gives its id. */
  async start(request: RunRequest, onProgress: (sentence: string) => void): Promise<string> {
    const parameters = requestParameters(request);
    await this.#check(request);
    const name = request.hyperparameters.get('model-name') ?? '';
    const earlier = request.from === undefined ? undefined : await this.models.get(request.from);
    const backbone =
      request.backbone === undefined ? undefined : await backboneFiles(request.backbone.file, request.backbone.input);

    // Before data is uploaded: whoever may not do this is told at once, and the account has then what it begins with.
    await this.#preparePipeline(onProgress);

    const places = pipelinePlaces(this.objects.root, this.place.endpoint);
    await Promise.all([this.objects.markEmpty(places.nothing), this.objects.markEmpty(places.deployed)]);
    const provide = (place: string) =>
      isS3Uri(place) ? withSlash(place) : this.objects.provideFolder(place, onProgress);
    const { test, other } = request;
    const inputs = {
      data: await provide(request.data),
      ...(test === undefined ? {} : { test: await provide(test) }),
      ...(other === undefined ? {} : { other: await provide(other) }),
      ...(backbone === undefined ? {} : { backbone: await this.objects.provideFiles('backbones', backbone) }),
      ...(earlier === undefined ? {} : { earlierModel: earlier.modelUri }),
    };
    const { role: roleArn, image, group: modelPackageGroup } = this.place;
    const codeVersion = await this.place.codeVersion();
    const all = runParameters(inputs, { places, roleArn, image, modelPackageGroup, codeVersion });
    for (const [parameter, value] of Object.entries(all)) parameters.set(parameter, value);
    return this.pipelines.start(name, parameters);
  }

  /** A stage's pipeline is its stack's, which gives it a role of its own: it is left alone. */
  async #preparePipeline(onProgress: (sentence: string) => void): Promise<void> {
    const { stage, group } = this.place;
    const definition = await this.place.definition();
    if (stage === undefined) {
      const change = await this.pipelines.put(definition);
      if (change !== 'unchanged') onProgress(`The pipeline was ${change}.`);
      return;
    }
    const found = await this.pipelines.compare(definition);
    if (found === 'missing') {
      throw new CommandError(`There is no pipeline ${group}. npm run deploy -- --stage ${stage} makes it.`);
    }
    if (found === 'different') {
      onProgress(`The pipeline of stage ${stage} is not the one of this checkout; npm run deploy updates it.`);
    }
  }

  async resume(id: string): Promise<void> {
    const run = await this.get(id);
    if (outcomeOf(run) === 'running') throw new CommandError(`Run ${id} is still going; \`watch ${id}\` follows it.`);
    if (run.state === 'succeeded') throw new CommandError(`Run ${id} went through; there is nothing to resume.`);
    await this.pipelines.resume(id);
  }

  stop(id: string): Promise<void> {
    return this.pipelines.stop(id);
  }

  /** Follows a run to its end, or until the signal's abort, which it throws. */
  async follow(id: string, watcher: RunWatcher, signal: AbortSignal): Promise<Run> {
    for (;;) {
      const run = await this.get(id);
      watcher(run, await this.#progressOf(run));
      if (outcomeOf(run) !== 'running') return run;
      await sleep(this.place.pollIntervalMs, undefined, { signal });
    }
  }

  list(limit: number): Promise<readonly RunSummary[]> {
    return this.pipelines.list(limit);
  }

  /** The whole id for an id, the beginning of one, or, when nothing is given, the newest run. */
  async idOf(given: string | undefined): Promise<string> {
    if (given !== undefined && (await this.pipelines.describe(given)) !== undefined) return given;
    const runs = await this.pipelines.list(given === undefined ? 1 : 100);
    const matching = runs.filter(({ id }) => given === undefined || id.startsWith(given));
    if (matching[0] !== undefined && matching.length === 1) return matching[0].id;
    if (matching.length > 1) throw new UsageError(`Several runs begin with "${given ?? ''}"; give more of its id.`);
    throw new CommandError(
      given === undefined
        ? 'There are no runs yet. `run --data DIR --name NAME` starts one.'
        : `There is no run "${given}". \`runs\` lists them.`,
    );
  }

  async get(id: string): Promise<Run> {
    const run = await this.pipelines.describe(id);
    if (run === undefined) throw new CommandError(`There is no run "${id}". \`runs\` lists them.`);
    return run;
  }

  /** What a run came to, with the figures of its evaluation where it got that far. */
  async resultOf(run: Run): Promise<RunResult> {
    const outcome = outcomeOf(run);
    const version = registeredVersion(run);
    const job = evaluationJob(run);
    const prefix = job && (await this.pipelines.outputOf(job.name, EvaluationOutput.evaluation));
    const evaluation = prefix === undefined ? undefined : await this.#readReport(prefix);
    return {
      run,
      outcome,
      ...(version === undefined ? {} : { version }),
      ...(prefix === undefined || evaluation === undefined
        ? { conditions: [] }
        : {
            evaluation,
            report: await this.objects.placeOf(`${withSlash(prefix)}${EvaluationFile.page}`),
            conditions: conditionsOf(evaluation, await this.#limitsOf(run.id)),
          }),
    };
  }

  lastLines(job: Job, lines: number): Promise<readonly string[]> {
    return this.jobLog.lastLines(job, lines);
  }

  placeOfLog(job: Job): string {
    return this.jobLog.placeOf(job);
  }

  async #check({ data, test, other }: RunRequest): Promise<void> {
    const check = async (option: string, place: string | undefined, look: (folder: string) => Promise<unknown>) => {
      if (place === undefined) return;
      if (!isS3Uri(place)) await look(place);
      else if (!(await this.objects.holdsSomething(withSlash(place)))) {
        throw new UsageError(`${option} ${place} holds nothing.`);
      }
    };
    await check('--data', data, (folder) => requireClassFolders('--data', folder, 2));
    await check('--test', test, (folder) => requireClassFolders('--test', folder, 1));
    await check('--other', other, (folder) => requireImages('--other', folder));
  }

  async #progressOf(run: Run): Promise<ReadonlyMap<string, string>> {
    const progress = new Map<string, string>();
    for (const { name, state, job } of run.steps) {
      const sentence = job && state === 'running' ? await this.jobLog.progressOf(job) : undefined;
      if (sentence !== undefined) progress.set(name, sentence);
    }
    return progress;
  }

  async #readReport(prefix: string): Promise<EvaluationReport | undefined> {
    const bytes = await this.objects.read(`${withSlash(prefix)}${EvaluationFile.report}`);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as EvaluationReport); // written by our evaluation
  }

  async #limitsOf(id: string) {
    const parameters = await this.pipelines.parametersOf(id);
    return {
      accuracyThreshold: Number(parameters.get('AccuracyThreshold') ?? DEFAULT_LIMITS.accuracyThreshold),
      maxAccuracyDrop: Number(parameters.get('MaxAccuracyDrop') ?? DEFAULT_LIMITS.maxAccuracyDrop),
    };
  }
}

/** Without the slash, `s3://bucket/flowers` would be `s3://bucket/flowers-old/` too. */
function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}

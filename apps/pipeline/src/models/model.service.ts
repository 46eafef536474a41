/** The versions of the model: which one is meant, what is known of it, who said yes to it. Sees neither SageMaker nor a terminal. */
import { EvaluationFile, EvaluationReport, TestPredictions } from '@app/contracts/learning';
import { CommandError } from '../command.error';
import { ModelDeployer } from '../deployment/model-deployer.port';
import { enumerate } from '../output/figures';
import { ObjectStore } from '../storage/object-store.port';
import { ModelRegistry } from './model-registry.port';
import { Approval, ModelVersion, versionInWords } from './model-version';
import { compareVersions, VersionComparison } from './compare-versions';

export interface MeasuredVersion {
  readonly version: ModelVersion;
  /** In the words that SageMaker itself has for it; undefined when nobody wrote it down. */
  readonly accuracy?: number;
  /** Undefined for a version that no run of the pipeline made, or whose figures are gone. */
  readonly evaluation?: EvaluationReport;
}

/** What every version's figures have, whoever wrote them. */
type RegisteredMetrics = Partial<EvaluationReport>;

export interface ListedVersion extends MeasuredVersion {
  readonly isDeployed: boolean;
}

/** Asked at the same time when versions are listed: SageMaker throttles those who ask for more. */
const VERSIONS_AT_ONCE = 5;

export class ModelService {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly objects: ObjectStore,
    private readonly deployer: ModelDeployer,
    private readonly group: string,
  ) {}

  /** Newest first. */
  async list(limit: number): Promise<readonly ListedVersion[]> {
    const [summaries, deployed] = await Promise.all([this.registry.list(), this.deployedVersion()]);
    const numbers = summaries.slice(0, limit).map(({ number }) => number);
    const listed: ListedVersion[] = [];
    for (let i = 0; i < numbers.length; i += VERSIONS_AT_ONCE) {
      const some = numbers.slice(i, i + VERSIONS_AT_ONCE);
      listed.push(
        ...(await Promise.all(
          some.map(async (number) => ({
            ...(await this.measured(await this.get(number))),
            isDeployed: number === deployed,
          })),
        )),
      );
    }
    return listed;
  }

  /** Throws a `CommandError` for a version that is not there. */
  async get(number: number): Promise<ModelVersion> {
    const version = await this.registry.find(number);
    if (version !== undefined) return version;
    const versions = await this.registry.list();
    const there = versions.map((each) => each.number).sort((a, b) => a - b);
    throw new CommandError(
      there.length === 0
        ? `There is no version ${number} of ${this.group}: nothing was registered yet.`
        : `There is no version ${number} of ${this.group}; there ${there.length === 1 ? 'is only' : 'are'} ${ranges(there)}.`,
    );
  }

  /** The version that is meant when none is named: the newest, or the newest that is approved or waits for it. */
  async newest(approval?: Approval): Promise<ModelVersion> {
    const versions = await this.registry.list();
    const [newest] = versions.filter((version) => approval === undefined || version.approval === approval);
    if (newest !== undefined) return this.get(newest.number);
    if (versions.length === 0) {
      throw new CommandError(`There is no version of ${this.group} yet; \`run --data DIR --name NAME\` makes one.`);
    }
    throw new CommandError(
      approval === 'pending'
        ? `No version of ${this.group} waits for approval; \`models\` lists them.`
        : `No version of ${this.group} is ${approval ?? 'there'}; \`approve V\` approves one.`,
    );
  }

  async measured(version: ModelVersion): Promise<MeasuredVersion> {
    const { evaluationUri: uri } = version;
    const metrics = uri === undefined ? undefined : await this.#read<RegisteredMetrics>(uri);
    const accuracy = metrics?.multiclass_classification_metrics?.accuracy.value;
    return {
      version,
      ...(accuracy === undefined ? {} : { accuracy }),
      ...(metrics?.schemaVersion === 1 ? { evaluation: metrics as EvaluationReport } : {}), // its mark
    };
  }

  async deployedVersion(): Promise<number | undefined> {
    return (await this.deployer.status())?.version;
  }

  /** The page for people. Throws a `CommandError` for a version that has none. */
  async report(version: ModelVersion): Promise<{ readonly uri: string; readonly page: Uint8Array }> {
    const uri = reportUri(version);
    const page = uri === undefined ? undefined : await this.objects.read(uri);
    if (uri !== undefined && page !== undefined) return { uri, page };
    throw new CommandError(`Version ${versionInWords(version)} has no report${whyNot(version)}`);
  }

  /** Says yes or no to a version. False when that was said before. */
  async review(
    version: ModelVersion,
    approval: 'approved' | 'rejected',
    reviewer: string,
    note?: string,
  ): Promise<boolean> {
    if (version.approval === approval) return false;
    if (approval === 'rejected' && version.number === (await this.deployedVersion())) {
      throw new CommandError(
        `Version ${versionInWords(version)} is deployed and cannot be rejected. \`rollback\` goes back to the version before, \`deploy V\` to another one.`,
      );
    }
    if (approval === 'approved') requireReady(version);
    await this.registry.review(version, { approval, reviewer, ...(note === undefined ? {} : { note }) });
    return true;
  }

  /** Throws a `CommandError` for a version that may not be deployed. */
  requireDeployable(version: ModelVersion): void {
    requireReady(version);
    if (version.approval === 'approved') return;
    throw new CommandError(
      version.approval === 'pending'
        ? `Version ${versionInWords(version)} is not approved yet; \`approve ${version.number}\` approves it.`
        : `Version ${versionInWords(version)} was rejected${version.note ? ` ("${version.note}")` : ''}; \`approve ${version.number}\` takes that back.`,
    );
  }

  async compare(first: ModelVersion, second: ModelVersion): Promise<VersionComparison> {
    const [a, b] = await Promise.all([first, second].map((version) => this.#tested(version)));
    if (a === undefined || b === undefined) throw new RangeError('two versions are two');
    return compareVersions(a, b);
  }

  async #tested(version: ModelVersion) {
    const { evaluation } = await this.measured(version);
    const predictions =
      version.evaluationUri &&
      (await this.#read<TestPredictions>(beside(version.evaluationUri, EvaluationFile.predictions)));
    if (evaluation && predictions) return { version, evaluation, predictions };
    throw new CommandError(`Version ${versionInWords(version)} has no predictions to compare${whyNot(version)}`);
  }

  async #read<T>(uri: string): Promise<T | undefined> {
    const bytes = await this.objects.read(uri);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as T); // written by our evaluation
  }
}

function requireReady(version: ModelVersion): void {
  if (version.state === 'ready') return;
  throw new CommandError(
    version.state === 'failed'
      ? `Version ${versionInWords(version)} could not be registered whole; it cannot be used.`
      : `Version ${versionInWords(version)} is still being registered; try again in a minute.`,
  );
}

/** Of a file that is missing beside a version's figures. */
function whyNot({ evaluationUri, metadata }: ModelVersion): string {
  return evaluationUri === undefined || metadata['execution'] === undefined
    ? ': it was not made by a run of the pipeline.'
    : `: it is no longer beside ${evaluationUri}.`;
}

export function reportUri({ evaluationUri }: ModelVersion): string | undefined {
  return evaluationUri && beside(evaluationUri, EvaluationFile.page);
}

function beside(uri: string, file: string): string {
  return `${uri.slice(0, uri.lastIndexOf('/') + 1)}${file}`;
}

/** `1 to 3 and 5` */
function ranges(sorted: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of sorted) {
    const last = parts.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return enumerate(parts.map(([from, to]) => (from === to ? String(from) : `${from} to ${to}`)));
}

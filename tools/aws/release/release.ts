/** Releases the source of this folder: uploads it, which starts the pipeline, and follows the run to its end. */
import { GetDeploymentCommand } from '@aws-sdk/client-codedeploy';
import {
  ActionExecutionDetail,
  PipelineExecutionSummary,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, UsageError } from '../../../apps/pipeline/src/command.error';
import { readHandedOver } from '../account/handed-over';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { CommandContext } from '../command-context';
import { BuildLog } from '../image-build/build-log';
import { failureInWords } from '../image-build/build-words';
import { describeBuild } from '../image-build/follow-build';
import { readSource, Source } from '../source/source-files';
import { commitInWords, sourceInWords } from '../source/source-lines';
import { findUploadedSource, Upload, uploadSource } from '../source/source-zip';
import { findStack } from '../stacks/stack-state';
import { StageName, stackName, stageOptions } from '../stage/areas';
import { ProgressPrinter } from '../terminal/progress-printer';
import { EndedRun, followRun } from './follow-run';
import { isUnderWay, pipelineRuns } from './pipeline-runs';
import { endInWords, idOf, reasonOfFailure } from './release-words';

const POLL_INTERVAL_MS = 3_000;
/** EventBridge starts a pipeline within seconds. */
const LONGEST_WAIT_FOR_RUN_MS = 3 * 60_000;

export interface ReleaseSettings {
  readonly clients: AwsClients;
  readonly region: string;
  readonly accountId: string;
  readonly name: StageName;
  readonly isDryRun: boolean;
  readonly isAsked: boolean;
}

export class Release {
  readonly #printer: ProgressPrinter;

  constructor(
    private readonly context: CommandContext,
    private readonly settings: ReleaseSettings,
  ) {
    this.#printer = new ProgressPrinter(context.screen);
  }

  async run(): Promise<void> {
    const { screen } = this.context;
    const { clients, name, region, accountId, isDryRun } = this.settings;
    screen.say(`Stage ${name.stage} of ${name.project}, account ${accountId}, ${region}`);
    const handedOver = await readHandedOver(clients.ssm, name);
    const pipeline = handedOver.get('delivery/pipeline-name');
    const bucket = handedOver.get('storage/build-bucket');
    if (pipeline === undefined || bucket === undefined) {
      throw new CommandError(
        `There is no pipeline of this stage. npm run deploy -- ${stageOptions(name)} makes everything, the pipeline last.`,
      );
    }
    const provider = await this.#sourceProvider();
    if (provider !== 'S3') {
      await this.#followPushed(pipeline, provider);
      return;
    }
    const source = await readSource(this.context.sourceFolder);
    await this.#show(source, bucket);
    if (isDryRun) {
      screen.say('', 'This was a dry run: nothing has been changed.');
      return;
    }
    await this.#confirm();
    await this.#release(pipeline, bucket, source);
  }

  /** Of the stack as it is. */
  async #sourceProvider(): Promise<string> {
    const { clients, name } = this.settings;
    const stack = await findStack(clients.cloudFormation, stackName(name, 'delivery'));
    const parameter = stack?.Parameters?.find(({ ParameterKey }) => ParameterKey === 'SourceProvider');
    return parameter?.ParameterValue ?? 'S3';
  }

  async #show(source: Source, bucket: string): Promise<void> {
    const { screen } = this.context;
    const released = await findUploadedSource(this.settings.clients.s3, bucket);
    screen.heading('What will be released');
    screen.say(`This folder: ${sourceInWords(source)}`);
    if (released === undefined) return;
    const commit = released.commit === undefined ? '' : `, ${commitInWords(released.commit)}`;
    const same = released.tree === source.tree ? ': the same files' : '';
    screen.say(`Uploaded last: ${released.uploadedAt.toISOString()}${commit}${same}`);
  }

  async #confirm(): Promise<void> {
    if (!this.settings.isAsked) return;
    const answer = await this.context.ask('\nRelease this? [y/N] ');
    if (answer === undefined) {
      throw new UsageError('There is nobody to ask: say --yes where no person sits at the terminal.');
    }
    if (!/^y(es)?$/i.test(answer)) throw new CommandError('Nothing has been changed.');
  }

  async #release(pipeline: string, bucket: string, source: Source): Promise<void> {
    this.#printer.begin(`The pipeline ${pipeline}`);
    const upload = await uploadSource(this.settings.clients.s3, bucket, source);
    this.#printer.row('source', upload.isNew ? 'uploaded' : 'uploaded before');
    this.context.farewell = 'Stopped looking. The pipeline goes on in AWS; the same command follows it again.';
    const run = upload.isNew ? await this.#runOf(upload, pipeline) : await this.#runAgain(upload, pipeline);
    if (run === undefined) {
      this.context.screen.say('This source has been released already, and nothing has changed since.');
      return;
    }
    await this.#follow(pipeline, run);
  }

  /** The run that the upload starts by itself. */
  async #runOf(upload: Upload, pipeline: string): Promise<string> {
    const { clients, region } = this.settings;
    const end = Date.now() + LONGEST_WAIT_FOR_RUN_MS;
    while (Date.now() < end) {
      const run = (await pipelineRuns(clients, pipeline)).find(
        (each) => takes(each, upload.versionId) || isBegunAfter(each, upload.uploadedAt),
      );
      if (run?.pipelineExecutionId !== undefined) return run.pipelineExecutionId;
      this.#printer.remind('waiting for the pipeline to notice the upload');
      await sleep(POLL_INTERVAL_MS);
    }
    throw new CommandError(
      'The source is uploaded, and the pipeline has not begun to run. To start it by hand:\n' +
        `  aws codepipeline start-pipeline-execution --name ${pipeline} --region ${region}`,
    );
  }

  /** Nothing new was uploaded: follows the run that takes it, or starts one unless it has gone well. */
  async #runAgain(upload: Upload, pipeline: string): Promise<string | undefined> {
    const { clients } = this.settings;
    const runs = await pipelineRuns(clients, pipeline);
    const newest = runs.find((run) => takes(run, upload.versionId) || isBegunAfter(run, upload.uploadedAt));
    if (newest !== undefined && isUnderWay(newest)) {
      this.#printer.row('goes on', `the run ${newest.pipelineExecutionId ?? ''}, which releases this source already`);
      return newest.pipelineExecutionId;
    }
    if (newest?.status === 'Succeeded') return undefined;
    const { pipelineExecutionId } = await clients.codePipeline.send(
      new StartPipelineExecutionCommand({ name: pipeline }),
    );
    return pipelineExecutionId;
  }

  /** Whoever pushes starts the pipeline; here it can be watched. */
  async #followPushed(pipeline: string, provider: string): Promise<void> {
    const run = (await pipelineRuns(this.settings.clients, pipeline)).find(isUnderWay);
    if (run?.pipelineExecutionId === undefined) {
      throw new CommandError(
        `The pipeline of this stage takes its source from ${provider}: push there, to the branch that SourceBranch names.\n` +
          'This command then follows the run.',
      );
    }
    this.context.screen.say(`The pipeline takes its source from ${provider}; nothing is uploaded from here.`);
    this.context.farewell = 'Stopped looking. The pipeline goes on in AWS; the same command follows it again.';
    this.#printer.begin(`The pipeline ${pipeline}`);
    await this.#follow(pipeline, run.pipelineExecutionId);
  }

  async #follow(pipeline: string, runId: string): Promise<void> {
    const { clients, region, name } = this.settings;
    this.#printer.row('run', runId);
    const run = await followRun(clients, pipeline, runId, this.#printer);
    if (run.status === 'Succeeded') {
      this.#printer.row('ok', 'released', 'green');
      const { screen } = this.context;
      const site = (await readHandedOver(clients.ssm, name)).get('platform/site-address');
      if (site !== undefined) screen.say('', screen.paint(`The site: ${site}`, 'bold'));
      return;
    }
    const details = await this.#detailsOf(run);
    throw new CommandError(
      [
        `The run ${runId} ${endInWords(run.status)}.`,
        ...details,
        `In the console: https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline}/view?region=${region}`,
        'Services go on with what they had before the stage that failed. Mend it, then run the same command again.',
      ].join('\n'),
    );
  }

  async #detailsOf({ actions }: EndedRun): Promise<string[]> {
    const failed = actions.find(({ status }) => status === 'Failed');
    if (failed === undefined) return [];
    const id = idOf(failed);
    const said = id === undefined ? undefined : await this.#saidBy(failed, id);
    return [`Its stage ${failed.stageName ?? ''} failed:`, said ?? `  ${reasonOfFailure(failed)}`];
  }

  /** What the build or the rollout says itself, which is more than CodePipeline passes on. */
  async #saidBy({ input }: ActionExecutionDetail, id: string): Promise<string | undefined> {
    const { clients } = this.settings;
    const provider = input?.actionTypeId?.provider;
    if (provider === 'CodeBuild') {
      const build = await describeBuild(clients, id);
      const { groupName: group, streamName: stream } = build.logs ?? {};
      const log = new BuildLog(clients.logs);
      return failureInWords(
        build,
        group === undefined || stream === undefined ? [] : await log.fresh({ group, stream }),
      );
    }
    if (provider !== 'CodeDeployToECS') return undefined;
    const answer = await unlessMissing(clients.codeDeploy.send(new GetDeploymentCommand({ deploymentId: id })));
    const message = answer?.deploymentInfo?.errorInformation?.message;
    return message === undefined ? undefined : `  ${id}: ${message}`;
  }
}

function takes({ sourceRevisions = [] }: PipelineExecutionSummary, versionId: string): boolean {
  return versionId !== '' && sourceRevisions.some(({ revisionId }) => revisionId === versionId);
}

/** Which version a run takes shows when its first stage is done; before, that it began after the upload has to do. */
function isBegunAfter({ startTime, sourceRevisions = [] }: PipelineExecutionSummary, time: Date): boolean {
  return sourceRevisions.length === 0 && startTime !== undefined && startTime.getTime() >= time.getTime();
}

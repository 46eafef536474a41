/** Has CodeBuild build all images from the source of this folder, and waits for them. */
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { HandedOver } from '../account/handed-over';
import { AwsClients } from '../clients';
import { CommandContext } from '../command-context';
import { Source } from '../source/source-files';
import { sourceInWords } from '../source/source-lines';
import { Upload, uploadSource } from '../source/source-zip';
import { ProgressPrinter } from '../terminal/progress-printer';
import { runningBuilds, startBuild, stopBuild } from './builds';
import { failureInWords } from './build-words';
import { followBuild } from './follow-build';

/** Nobody has measured it in an account: tests, four images without a cache, their scans. */
export const BUILD_TAKES = 'about 10 minutes';

export interface ImageBuildSettings {
  readonly clients: AwsClients;
  readonly region: string;
  readonly handedOver: HandedOver;
  readonly source: Source;
}

/** @throws {CommandError} when it does not succeed. */
export async function buildImages(context: CommandContext, settings: ImageBuildSettings): Promise<void> {
  const { clients, region, handedOver, source } = settings;
  const bucket = handedOver.get('storage/build-bucket');
  const project = handedOver.get('build/bootstrap-project-name');
  if (bucket === undefined || project === undefined) {
    throw new CommandError('The stacks storage and build have handed over neither bucket nor project to build with.');
  }
  const { screen } = context;
  const printer = new ProgressPrinter(screen);
  printer.begin('The images are being built');
  const upload = await uploadSource(clients.s3, bucket, source);
  printer.row('source', `${sourceInWords(source)}${upload.isNew ? '' : '; uploaded before'}`);
  const id = await buildOf(upload, project, clients, printer);
  const earlier = context.farewell;
  const stop = `aws codebuild stop-build --id ${id} --region ${region}`;
  context.farewell = `Stopped looking. The build goes on in AWS; the same command follows it again. To stop it: ${stop}`;
  const { build, log } = await followBuild(id, { clients, printer, showsLog: true });
  context.farewell = earlier;
  if (build.buildStatus === 'SUCCEEDED') {
    printer.row('ok', 'the images are built', 'green');
    return;
  }
  const { groupName = '', streamName = '' } = build.logs ?? {};
  throw new CommandError(
    [
      failureInWords(build, log),
      ...(groupName === ''
        ? []
        : [
            'The whole log:',
            `  aws logs tail ${groupName} --log-stream-names ${streamName} --since 1d --region ${region}`,
          ]),
      'Stacks and images stay as they are. Mend it, then run the same command again: what is built already is not built again.',
    ].join('\n'),
  );
}

/** One that an interrupted command has left, if it builds the same; else a new one. */
async function buildOf(
  upload: Upload,
  project: string,
  clients: AwsClients,
  printer: ProgressPrinter,
): Promise<string> {
  const running = await runningBuilds(clients, project);
  const same = running.find(({ sourceVersion }) => sourceVersion === upload.versionId);
  for (const { id = '' } of running.filter((build) => build !== same)) {
    // It would end later, and its digests would be taken for those of the newer source.
    printer.row('stopping', `${id}, which builds an earlier state of the source`);
    await stopBuild(clients, id);
  }
  if (same?.id !== undefined) {
    printer.row('goes on', `${same.id}, which is building this source already`);
    return same.id;
  }
  const id = await startBuild(clients, project, upload);
  printer.row('begun', id);
  return id;
}

/** Waits for a build to end, and shows on the way what it does. */
import { BatchGetBuildsCommand, Build, BuildPhase } from '@aws-sdk/client-codebuild';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { duration } from '../../../apps/pipeline/src/output/figures';
import { AwsClients } from '../clients';
import { ProgressPrinter } from '../terminal/progress-printer';
import { BuildLog } from './build-log';
import { logLine, phaseInWords } from './build-words';

const POLL_INTERVAL_MS = 3_000;
/** The last lines come a while after the end. */
const LOOKS_AFTER_END = 3;

export interface FollowOptions {
  readonly clients: AwsClients;
  readonly printer: ProgressPrinter;
  /** Whether the lines of its log are shown while they come. */
  readonly showsLog: boolean;
}

export interface EndedBuild {
  readonly build: Build;
  readonly log: readonly string[];
}

export async function followBuild(id: string, { clients, printer, showsLog }: FollowOptions): Promise<EndedBuild> {
  const log = new BuildLog(clients.logs);
  const shown = new Set<string>();
  const readLog = async (build: Build) => {
    const { groupName: group, streamName: stream } = build.logs ?? {};
    if (group === undefined || stream === undefined) return 0;
    const lines = await log.fresh({ group, stream });
    for (const line of showsLog ? lines : []) printer.detail(logLine(line));
    return lines.length;
  };
  for (;;) {
    const build = await describeBuild(clients, id);
    for (const phase of build.phases ?? []) showPhase(phase, shown, printer);
    await readLog(build);
    if (isEnded(build)) {
      for (let look = 0; look < LOOKS_AFTER_END; look++) {
        await sleep(POLL_INTERVAL_MS / LOOKS_AFTER_END);
        await readLog(build);
      }
      return { build, log: log.lines };
    }
    printer.remind(`still under way: ${phaseInWords(build.currentPhase)}`);
    await sleep(POLL_INTERVAL_MS);
  }
}

export function isEnded({ buildStatus }: Build): boolean {
  return buildStatus !== undefined && buildStatus !== 'IN_PROGRESS';
}

export async function describeBuild({ codeBuild }: AwsClients, id: string): Promise<Build> {
  const { builds = [] } = await codeBuild.send(new BatchGetBuildsCommand({ ids: [id] }));
  const [build] = builds;
  if (build === undefined)
    throw new CommandError(`CodeBuild knows no build ${id} any more. Run the same command again.`);
  return build;
}

/** Each once, when it has ended. */
function showPhase(phase: BuildPhase, shown: Set<string>, printer: ProgressPrinter): void {
  const { phaseType, phaseStatus, durationInSeconds = 0 } = phase;
  if (phaseType === undefined || phaseStatus === undefined || shown.has(phaseType)) return;
  if (phaseType === 'SUBMITTED' || phaseType === 'COMPLETED') return;
  shown.add(phaseType);
  const hasSucceeded = phaseStatus === 'SUCCEEDED';
  const words = `${phaseInWords(phaseType)} (${duration(durationInSeconds * 1000)})`;
  printer.row(hasSucceeded ? 'done' : 'failed', words, hasSucceeded ? undefined : 'red');
}

/** The builds of a CodeBuild project: which run, starting and stopping them. */
import {
  BatchGetBuildsCommand,
  Build,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { reasonOf } from '../../../apps/pipeline/src/reason-of';
import { errorName, unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { UploadedSource } from '../source/source-zip';
import { describeBuild, isEnded } from './follow-build';

const POLL_INTERVAL_MS = 3_000;
/** BatchGetBuilds takes 100; what runs is among the newest. */
const NEWEST = 20;

export async function runningBuilds({ codeBuild }: AwsClients, projectName: string): Promise<Build[]> {
  const listed = await unlessMissing(
    codeBuild.send(new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING' })),
  );
  const ids = (listed?.ids ?? []).slice(0, NEWEST);
  if (ids.length === 0) return [];
  const { builds = [] } = await codeBuild.send(new BatchGetBuildsCommand({ ids }));
  return builds.filter((build) => !isEnded(build));
}

/** @returns its id. @throws {CommandError} when the account may not build. */
export async function startBuild(
  { codeBuild }: AwsClients,
  projectName: string,
  { versionId, commit }: UploadedSource,
): Promise<string> {
  try {
    const { build } = await codeBuild.send(
      new StartBuildCommand({
        projectName,
        sourceVersion: versionId,
        // The zip has no history: what the images' labels say of their commit is said here.
        ...(commit === undefined
          ? {}
          : { environmentVariablesOverride: [{ name: 'REVISION', value: commit, type: 'PLAINTEXT' }] }),
        // A request that is sent again, as its answer was lost, starts no second build.
        idempotencyToken: randomUUID(),
      }),
    );
    return build?.id ?? '';
  } catch (error) {
    if (errorName(error) !== 'AccountLimitExceededException') throw error;
    throw new CommandError(
      `CodeBuild refuses to build in this account: ${reasonOf(error)}\n` +
        'AWS lets some new accounts build nothing at first, whatever the quota says. Ask for "Concurrently running builds" in\n' +
        'Service Quotas or by a support case, then run the same command again; or build the images yourself and name them by --image.',
      undefined,
      { cause: error },
    );
  }
}

/** And waits until it has ended: as long as it runs, it pushes images and writes their digests. */
export async function stopBuild(clients: AwsClients, id: string): Promise<void> {
  await clients.codeBuild.send(new StopBuildCommand({ id }));
  while (!isEnded(await describeBuild(clients, id))) await sleep(POLL_INTERVAL_MS);
}

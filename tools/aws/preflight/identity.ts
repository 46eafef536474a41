/** Who acts, in which account and region. */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CommandError, UsageError } from '../../../apps/pipeline/src/command.error';
import { errorName, explained } from '../aws-problems';
import { AwsClients, configuredRegion } from '../clients';

export interface Identity {
  readonly accountId: string;
  readonly arn: string;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** @throws {UsageError} when neither the option nor the configuration names a region, or it cannot be one. */
export async function requireRegion(option: string | undefined): Promise<string> {
  const region = option ?? (await configuredRegion());
  if (region === undefined || region === '') {
    throw new UsageError(
      'No region is named: say --region (for example --region eu-central-1), or set AWS_REGION or a profile with one.',
    );
  }
  if (!REGION.test(region)) throw new UsageError(`"${region}" is no AWS region; they look like eu-central-1.`);
  return region;
}

/** @throws {CommandError} without valid credentials, or when AWS cannot be reached in the region. */
export async function whoActs({ sts }: AwsClients, region: string): Promise<Identity> {
  try {
    const { Account = '', Arn = '' } = await explained(sts.send(new GetCallerIdentityCommand({})));
    return { accountId: Account, arn: Arn };
  } catch (error) {
    if (!/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|TimeoutError|NetworkingError/.test(`${errorName(error)} ${codeOf(error)}`)) {
      throw error;
    }
    throw new CommandError(
      `AWS cannot be reached in ${region}. Is the region right, and is there a network?`,
      undefined,
      {
        cause: error,
      },
    );
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What a stack holds, what of it stays when the stack goes, and what has to be emptied before. */
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { BatchDeleteImageCommand, ECRClient, ListImagesCommand } from '@aws-sdk/client-ecr';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { parseTemplate } from '../../cloudformation/template';
import { isMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { StageName, stackName } from '../stage/areas';
import { findStack, resourcesOf } from '../stacks/stack-state';
import { emptyBucket } from './buckets';
import { KeptResource } from './kept-resources';

export interface StackContents {
  readonly area: string;
  readonly stack: string;
  readonly stackId: string;
  readonly status: string;
  readonly isProtected: boolean;
  readonly resources: readonly KeptResource[];
  /** Those that stay. */
  readonly kept: readonly KeptResource[];
}

/** Whatever their policies: that of a bucket goes with the bucket, task definitions with all of their family (task-definitions.ts). */
const GOES_ANYWAY: readonly string[] = ['AWS::S3::BucketPolicy', 'AWS::ECS::TaskDefinition'];

/** Undefined when there is no such stack. */
export async function readStack(
  clients: AwsClients,
  name: StageName,
  area: string,
): Promise<StackContents | undefined> {
  const stack = stackName(name, area);
  const found = await findStack(clients.cloudFormation, stack);
  if (found?.StackId === undefined) return undefined;
  const status = found.StackStatus ?? '';
  const policies = status === 'REVIEW_IN_PROGRESS' ? {} : await deletionPolicies(clients, stack);
  const resources = (status === 'REVIEW_IN_PROGRESS' ? [] : await resourcesOf(clients.cloudFormation, stack))
    .filter(
      ({ ResourceStatus, PhysicalResourceId = '' }) =>
        ResourceStatus !== 'DELETE_COMPLETE' && PhysicalResourceId !== '',
    )
    .map(({ ResourceType = '', LogicalResourceId = '', PhysicalResourceId = '' }) => ({
      type: ResourceType,
      name: LogicalResourceId,
      id: PhysicalResourceId,
    }));
  return {
    ...{ area, stack, status, resources, stackId: found.StackId },
    isProtected: found.EnableTerminationProtection === true,
    kept: resources.filter(({ name: id, type }) => /^Retain/.test(policies[id] ?? '') && !GOES_ANYWAY.includes(type)),
  };
}

async function deletionPolicies(clients: AwsClients, stack: string): Promise<Record<string, string | undefined>> {
  const { TemplateBody = '' } = await clients.cloudFormation.send(
    new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' }),
  );
  const { resources } = parseTemplate(TemplateBody, stack);
  return Object.fromEntries(Object.entries(resources).map(([name, { DeletionPolicy }]) => [name, DeletionPolicy]));
}

/** Buckets and repositories only go when they are empty. */
export async function emptyWhatGoes(clients: AwsClients, { resources, kept }: StackContents): Promise<void> {
  const stays = new Set(kept.map(({ id }) => id));
  for (const { type, id } of resources) {
    if (stays.has(id)) continue;
    if (type === 'AWS::S3::Bucket') await emptyBucket(clients.s3, id);
    if (type === 'AWS::ECR::Repository') await emptyRepository(clients.ecr, id);
  }
}

async function emptyRepository(ecr: ECRClient, repositoryName: string): Promise<void> {
  try {
    // BatchDeleteImage takes 100 at once. An image that an index names goes only after the index: as long as some go, again.
    for (;;) {
      const { imageIds = [] } = await ecr.send(new ListImagesCommand({ repositoryName, maxResults: 100 }));
      if (imageIds.length === 0) return;
      const answer = await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
      if ((answer.imageIds ?? []).length > 0) continue;
      const reason = answer.failures?.[0]?.failureReason ?? 'ECR gives no reason';
      throw new CommandError(`The images in ${repositoryName} cannot be deleted: ${reason}`);
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

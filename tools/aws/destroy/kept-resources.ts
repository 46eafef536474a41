/**
 * What outlives its stack, because its template says so. It is written down in SSM when the stacks go: nothing else would know of
 * it, neither a later `--delete-data` nor the next deployment.
 */
import { DeleteRepositoryCommand } from '@aws-sdk/client-ecr';
import {
  DeleteModelPackageCommand,
  DeleteModelPackageGroupCommand,
  paginateListModelPackages,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { DeleteParameterCommand } from '@aws-sdk/client-ssm';
import { HandedOver, writeParameter } from '../account/handed-over';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { parameterPrefix, StageName } from '../stage/areas';
import { deleteBucket } from './buckets';

export interface KeptResource {
  readonly type: string;
  /** Logical id in its template. */
  readonly name: string;
  readonly id: string;
}

const RECORD = 'kept';

export function readKept(handedOver: HandedOver): KeptResource[] {
  const text = handedOver.get(RECORD);
  return text === undefined ? [] : (JSON.parse(text) as KeptResource[]); // written below
}

/** An empty list takes the record away. */
export async function writeKept(clients: AwsClients, name: StageName, kept: readonly KeptResource[]): Promise<void> {
  if (kept.length > 0) {
    await writeParameter(clients.ssm, name, RECORD, JSON.stringify(kept));
    return;
  }
  await unlessMissing(clients.ssm.send(new DeleteParameterCommand({ Name: `${parameterPrefix(name)}${RECORD}` })));
}

/** Each once. */
export function unitedKept(one: readonly KeptResource[], other: readonly KeptResource[]): KeptResource[] {
  return [...new Map([...one, ...other].map((kept) => [kept.id, kept])).values()];
}

/** False where only a person can do it: {@link removalCommand}. */
export async function deleteKept(clients: AwsClients, { type, id }: KeptResource): Promise<boolean> {
  switch (type) {
    case 'AWS::S3::Bucket':
      await deleteBucket(clients.s3, id);
      return true;
    case 'AWS::ECR::Repository':
      await unlessMissing(clients.ecr.send(new DeleteRepositoryCommand({ repositoryName: id, force: true })));
      return true;
    case 'AWS::SageMaker::ModelPackageGroup':
      await deletePackageGroup(clients.sageMaker, id);
      return true;
    default:
      return false;
  }
}

/** A group goes when it is empty. */
async function deletePackageGroup(client: SageMakerClient, idOrArn: string): Promise<void> {
  const group = idOrArn.split('/').at(-1) ?? idOrArn;
  await unlessMissing(deletePackages(client, group));
  await unlessMissing(client.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: group })));
}

async function deletePackages(client: SageMakerClient, group: string): Promise<void> {
  const arns: string[] = [];
  for await (const page of paginateListModelPackages({ client }, { ModelPackageGroupName: group })) {
    for (const { ModelPackageArn } of page.ModelPackageSummaryList ?? []) {
      if (ModelPackageArn !== undefined) arns.push(ModelPackageArn);
    }
  }
  for (const arn of arns) await client.send(new DeleteModelPackageCommand({ ModelPackageName: arn }));
}

/**
 * What a person types to remove it. A key is gone for good only after days in which that can be taken back; of buckets there is no
 * command here, as none of AWS's own removes old versions.
 */
export function removalCommand({ type, id }: KeptResource, region: string): string {
  const commands: Readonly<Record<string, string>> = {
    'AWS::KMS::Key': `aws kms schedule-key-deletion --key-id ${id} --pending-window-in-days 30`,
    'AWS::SageMaker::ModelPackageGroup': `aws sagemaker delete-model-package-group --model-package-group-name ${id.split('/').at(-1) ?? id}`,
    'AWS::ECR::Repository': `aws ecr delete-repository --force --repository-name ${id}`,
    'AWS::SecretsManager::Secret': `aws secretsmanager delete-secret --secret-id ${id}`,
    'AWS::Logs::LogGroup': `aws logs delete-log-group --log-group-name ${id}`,
  };
  return `${commands[type] ?? `# ${type} ${id}`} --region ${region}`;
}

/** Versions of the model as SageMaker's Model Registry has them, on AWS or on this machine. */
import {
  DescribeModelPackageCommand,
  DescribeModelPackageOutput,
  ModelApprovalStatus,
  ModelPackageStatus,
  ModelPackageSummary,
  paginateListModelPackages,
  SageMakerClient,
  UpdateModelPackageCommand,
  UserContext,
} from '@aws-sdk/client-sagemaker';
import { ModelRegistry, Review } from '../models/model-registry.port';
import { Approval, ModelVersion, ModelVersionSummary } from '../models/model-version';
import { idOf, present } from './sagemaker-pipelines';
import { CalledService, explain, explained, isMissing } from './sagemaker-problems';

export class SageMakerRegistry implements ModelRegistry {
  constructor(
    private readonly client: SageMakerClient,
    private readonly service: CalledService,
    private readonly group: string,
  ) {}

  async list(): Promise<readonly ModelVersionSummary[]> {
    return (await this.#packages()).map(({ ModelPackageVersion = 0, ModelApprovalStatus, CreationTime }) => ({
      number: ModelPackageVersion,
      approval: approvalOf(ModelApprovalStatus),
      created: CreationTime ?? new Date(0),
    }));
  }

  async find(number: number): Promise<ModelVersion | undefined> {
    const summary = (await this.#packages()).find(({ ModelPackageVersion }) => ModelPackageVersion === number);
    if (summary === undefined) return undefined;
    const command = new DescribeModelPackageCommand({ ModelPackageName: summary.ModelPackageArn });
    return toVersion(await explained(this.service, this.client.send(command)));
  }

  async review({ arn }: ModelVersion, { approval, note, reviewer }: Review): Promise<void> {
    const command = new UpdateModelPackageCommand({
      ModelPackageArn: arn,
      ModelApprovalStatus: approval === 'approved' ? 'Approved' : 'Rejected',
      ApprovalDescription: note ?? '',
      CustomerMetadataProperties: { reviewedBy: reviewer, reviewedAt: new Date().toISOString() },
    });
    await explained(this.service, this.client.send(command));
  }

  /** Newest first. */
  async #packages(): Promise<readonly ModelPackageSummary[]> {
    const packages: ModelPackageSummary[] = [];
    const pages = paginateListModelPackages(
      { client: this.client, pageSize: 100 },
      { ModelPackageGroupName: this.group, SortBy: 'CreationTime', SortOrder: 'Descending' },
    );
    try {
      for await (const { ModelPackageSummaryList = [] } of pages) packages.push(...ModelPackageSummaryList);
    } catch (error) {
      if (isMissing(error)) return [];
      throw explain(this.service, error);
    }
    // Two may be of the same second; their numbers are not.
    return packages.sort((a, b) => (b.ModelPackageVersion ?? 0) - (a.ModelPackageVersion ?? 0));
  }
}

function toVersion(output: DescribeModelPackageOutput): ModelVersion {
  const [container] = output.InferenceSpecification?.Containers ?? [];
  return {
    number: output.ModelPackageVersion ?? Number(idOf(output.ModelPackageArn)),
    arn: output.ModelPackageArn ?? '',
    approval: approvalOf(output.ModelApprovalStatus),
    created: output.CreationTime ?? new Date(0),
    state: stateOf(output.ModelPackageStatus),
    modelUri: container?.ModelDataUrl ?? '',
    image: container?.Image ?? '',
    metadata: output.CustomerMetadataProperties ?? {},
    ...present('evaluationUri', output.ModelMetrics?.ModelQuality?.Statistics?.S3Uri),
    ...present('note', output.ApprovalDescription),
    ...present('changed', output.LastModifiedTime),
    ...present('changedBy', userOf(output.LastModifiedBy)),
  };
}

function stateOf(status: ModelPackageStatus | undefined): ModelVersion['state'] {
  if (status === undefined || status === 'Completed') return 'ready';
  return status === 'Failed' ? 'failed' : 'unfinished';
}

function approvalOf(status: ModelApprovalStatus | undefined): Approval {
  return status === 'Approved' ? 'approved' : status === 'Rejected' ? 'rejected' : 'pending';
}

function userOf(user: UserContext | undefined): string | undefined {
  return user?.UserProfileName ?? (user?.IamIdentity?.Arn === undefined ? undefined : idOf(user.IamIdentity.Arn));
}

/** The registry, as far as a deployment asks it: one version with its state, and which versions are approved. */
import {
  DescribeModelPackageCommand,
  ModelApprovalStatus,
  ModelPackageStatus,
  paginateListModelPackages,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { DeploymentContext } from './deployment-context';
import { DeploymentError, ModelPackageNotFoundError } from './deployment.error';
import { isNoSuchModelPackage } from './sagemaker-failures';

export interface ModelVersion {
  readonly number: number;
  readonly modelPackageArn: string;
}

export interface ModelPackage extends ModelVersion {
  readonly approval: ModelApprovalStatus | undefined;
  readonly created: Date | undefined;
  /** `s3://.../model.tar.gz` */
  readonly modelDataUrl: string;
  /** What the container calls itself: `MODEL_VERSION`. */
  readonly servedVersion: string;
}

export async function describeModelPackage(sageMaker: SageMakerClient, modelPackageArn: string): Promise<ModelPackage> {
  const found = await sageMaker
    .send(new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }))
    .catch((error: unknown) => {
      throw isNoSuchModelPackage(error) ? new ModelPackageNotFoundError(modelPackageArn, { cause: error }) : error;
    });
  const number = found.ModelPackageVersion;
  const modelDataUrl = found.InferenceSpecification?.Containers?.[0]?.ModelDataUrl;
  if (number === undefined || modelDataUrl === undefined || found.ModelPackageStatus !== ModelPackageStatus.COMPLETED) {
    const status = found.ModelPackageStatus ?? 'unknown';
    throw new DeploymentError(
      'model-package-not-usable',
      `${modelPackageArn} cannot be deployed: it has to be a version of a group with a model file, and Completed; ` +
        `it is ${status}.`,
    );
  }
  return {
    number,
    modelPackageArn: found.ModelPackageArn ?? modelPackageArn,
    approval: found.ModelApprovalStatus,
    created: found.CreationTime,
    modelDataUrl,
    servedVersion: found.CustomerMetadataProperties?.['modelVersion'] ?? `${number}.0.0`,
  };
}

/** Newest first. SageMaker may need a moment until the list knows of an approval. */
export async function listApprovedVersions({ sageMaker, settings }: DeploymentContext): Promise<ModelVersion[]> {
  const pages = paginateListModelPackages(
    { client: sageMaker },
    { ModelPackageGroupName: settings.modelPackageGroup, ModelApprovalStatus: ModelApprovalStatus.APPROVED },
  );
  const versions: ModelVersion[] = [];
  for await (const { ModelPackageSummaryList: summaries = [] } of pages) {
    for (const {
      ModelPackageVersion: number,
      ModelPackageArn: modelPackageArn,
      ModelPackageStatus: status,
    } of summaries) {
      if (number !== undefined && modelPackageArn !== undefined && status === ModelPackageStatus.COMPLETED)
        versions.push({ number, modelPackageArn });
    }
  }
  return versions.sort((one, other) => other.number - one.number);
}

/** Amazon Resource Names of what is on this machine. */
import { SageMakerFault } from './operation';

/** The account that everything here belongs to, as in other emulators of AWS. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

export type ResourceType =
  | 'endpoint'
  | 'endpoint-config'
  | 'model'
  | 'model-package'
  | 'model-package-group'
  | 'pipeline'
  | 'processing-job'
  | 'training-job';

const PREFIX = `arn:aws:sagemaker:${LOCAL_REGION}:${LOCAL_ACCOUNT}:`;

/** `arn:aws:sagemaker:us-east-1:000000000000:endpoint/image-classifier` */
export function arnOf(type: ResourceType, id: string): string {
  return `${PREFIX}${type}/${id}`;
}

/** `endpoint/image-classifier` in two; undefined for what is no ARN of this machine. */
export function resourceOf(arn: string): { readonly type: string; readonly id: string } | undefined {
  const path = arn.startsWith(PREFIX) ? arn.slice(PREFIX.length) : '';
  const slash = path.indexOf('/');
  return slash === -1 ? undefined : { type: path.slice(0, slash), id: path.slice(slash + 1) };
}

/** Operations take a name or an ARN: what comes after the type of an ARN, or the name as it is. */
export function idOf(type: ResourceType, nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn;
  const resource = resourceOf(nameOrArn);
  if (resource?.type === type) return resource.id;
  throw new SageMakerFault(
    'ValidationException',
    `"${nameOrArn}" is no ${type} of this machine (${PREFIX}${type}/...).`,
  );
}

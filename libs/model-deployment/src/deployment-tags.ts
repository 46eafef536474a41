/**
 * What an endpoint remembers of its deployments, in its tags: SageMaker itself forgets what was tried and what served
 * before. Tag values hold letters, digits, blanks and `_.:/=+-@`, and at most 256 characters.
 */
import { AddTagsCommand, paginateListTags, SageMakerClient, Tag } from '@aws-sdk/client-sagemaker';

const DEPLOYMENTS_KEY = 'image-classifier:deployments';
const ATTEMPTED_KEY = 'image-classifier:attempted';
const MOST_CHARACTERS = 256;

export type Outcome = 'serving' | 'rolled-back';

export interface DeploymentTags {
  /** Numbers of the versions that served, oldest first. */
  readonly deployments: readonly number[];
  /** The configuration that was deployed last, and what has been seen of it since. */
  readonly attempted: Attempt | undefined;
}

export interface Attempt {
  readonly configName: string;
  readonly outcome: Outcome | undefined;
}

export async function readTags(sageMaker: SageMakerClient, endpointArn: string): Promise<DeploymentTags> {
  const values = new Map<string | undefined, string>();
  for await (const page of paginateListTags({ client: sageMaker }, { ResourceArn: endpointArn })) {
    for (const { Key: key, Value: value } of page.Tags ?? []) values.set(key, value ?? '');
  }
  const [configName = '', outcome] = (values.get(ATTEMPTED_KEY) ?? '').split(' ');
  return {
    deployments: (values.get(DEPLOYMENTS_KEY) ?? '')
      .split(' ')
      .filter((word) => /^\d+$/.test(word))
      .map(Number),
    attempted:
      configName === ''
        ? undefined
        : { configName, outcome: outcome === 'serving' || outcome === 'rolled-back' ? outcome : undefined },
  };
}

export async function writeTags(sageMaker: SageMakerClient, endpointArn: string, tags: DeploymentTags): Promise<void> {
  await sageMaker.send(new AddTagsCommand({ ResourceArn: endpointArn, Tags: formatTags(tags) }));
}

export function formatTags({ deployments, attempted }: DeploymentTags): Tag[] {
  const words = attempted === undefined ? [] : [attempted.configName, attempted.outcome];
  return [
    { Key: DEPLOYMENTS_KEY, Value: newest(deployments) },
    { Key: ATTEMPTED_KEY, Value: words.filter((word) => word !== undefined).join(' ') },
  ];
}

/** The history with one more version at its end, unless that is there already. */
export function withVersion(deployments: readonly number[], number: number | undefined): readonly number[] {
  return number === undefined || deployments.at(-1) === number ? deployments : [...deployments, number];
}

/** As many of the last numbers as fit. */
function newest(deployments: readonly number[]): string {
  let text = '';
  for (const number of [...deployments].reverse()) {
    const longer = text === '' ? String(number) : `${number} ${text}`;
    if (longer.length > MOST_CHARACTERS) break;
    text = longer;
  }
  return text;
}

/** Which image trains: the one that the last build has recorded, or the one that the stack was made with. */
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { TrainingSettings, versionIn } from './start-training.config';

export interface TrainingImage {
  readonly image: string;
  /** Of the code in it, for the records. */
  readonly codeVersion: string;
}

/** A build writes the parameter when a model image is new (buildspec.yml); until the first it may not be there. */
export async function trainingImage(
  ssm: SSMClient,
  { surroundings: { image, codeVersion }, imageParameter }: TrainingSettings,
): Promise<TrainingImage> {
  const recorded = imageParameter === '' ? undefined : await recordedImage(ssm, imageParameter);
  if (recorded === undefined || recorded === image) return { image, codeVersion };
  return { image: recorded, codeVersion: versionIn(recorded) };
}

async function recordedImage(ssm: SSMClient, Name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
    throw error;
  }
}

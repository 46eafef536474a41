/** Finds a stage by the SSM parameters that its stacks have written. */
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CommandError } from '../command.error';
import { enumerate } from '../output/figures';
import { NEWER_PARAMETERS, STAGE_PARAMETERS, StageSettings } from '../stage';
import { explained } from './sagemaker-problems';

export async function findStage(project: string, stage: string): Promise<StageSettings> {
  const client = new SSMClient({});
  try {
    const region = await explained({ name: 'AWS', isLocal: false }, client.config.region());
    const nameOf = (path: string) => `/${project}/${stage}/${path}`;
    const names = Object.values(STAGE_PARAMETERS).map(nameOf);
    const newer = Object.values(NEWER_PARAMETERS).map(nameOf);
    const service = { name: `Systems Manager in ${region}`, isLocal: false };
    const { Parameters = [] } = await explained(
      service,
      client.send(new GetParametersCommand({ Names: [...names, ...newer] })),
    );
    const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
    const missing = names.filter((name) => !values.get(name));
    if (missing.length === names.length) {
      throw new CommandError(
        `There is no stage ${stage} of ${project} in ${region}. Check --stage, --project, AWS_REGION and AWS_PROFILE; ` +
          `npm run deploy -- --stage ${stage} makes it.`,
      );
    }
    if (missing.length > 0) {
      throw new CommandError(
        `Stage ${stage} of ${project} is not whole: ${enumerate(missing)} ${missing.length === 1 ? 'is' : 'are'} missing. ` +
          `npm run deploy -- --stage ${stage} goes on with it.`,
      );
    }
    const found = Object.entries({
      ...STAGE_PARAMETERS,
      ...present(NEWER_PARAMETERS, (path) => values.has(nameOf(path))),
    }).map(([option, path]) => [option, values.get(nameOf(path))]);
    return Object.fromEntries(found) as StageSettings; // none is missing
  } finally {
    client.destroy();
  }
}

function present(paths: Readonly<Record<string, string>>, isThere: (path: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(paths).filter(([, path]) => isThere(path)));
}

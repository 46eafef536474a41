/** What there is to say of continuous delivery once a deployment is done: whether it has begun, and how to release from here. */
import { ResolvedTemplate } from '../../cloudformation/resolve-template';
import { HandedOver } from '../account/handed-over';
import { AwsClients } from '../clients';
import { readSource } from '../source/source-files';
import { findUploadedSource } from '../source/source-zip';
import { StageName, stageOptions } from '../stage/areas';
import { StackPlan } from '../stacks/stack-plan';
import { PlanLine } from './plan-lines';

/** Whether its pipeline takes the source that these commands upload. */
export function takesUploads({ parameters }: ResolvedTemplate): boolean {
  return parameters.SourceProvider === 'S3';
}

export async function deliveryLines(
  { s3 }: AwsClients,
  name: StageName,
  handedOver: HandedOver,
  { action, input: { resolved } }: StackPlan,
  sourceFolder: string,
): Promise<PlanLine[]> {
  const release = `npm run release -- ${stageOptions(name)}`;
  const how = takesUploads(resolved) ? release : 'git push, to the branch that the pipeline takes its source from';
  if (action === 'create') {
    return [
      {
        text: [
          '',
          'Continuous delivery is armed. Its first run has begun by itself: it tests, and finds the images that have been built of the',
          'same source, so that nothing is rolled out. To release what you change from now on:',
          `  ${how}`,
        ].join('\n'),
      },
    ];
  }
  const bucket = handedOver.get('storage/build-bucket');
  if (!takesUploads(resolved) || bucket === undefined) return [];
  // Where it cannot be read, there is nothing to say: the deployment has gone well all the same.
  const here = await readSource(sourceFolder).catch(() => undefined);
  if (here === undefined || here.tree === (await findUploadedSource(s3, bucket))?.tree) return [];
  return [{ text: `\nThe source in this folder is not what was released last. To release it:\n  ${release}` }];
}

// The pipeline of 60-delivery, as CloudFormation would ask for it: moto's CodePipeline takes it and says what it took, for each source.
import { CodePipelineClient, CreatePipelineCommand } from '@aws-sdk/client-codepipeline';
import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { isList, isValues, type Value } from '../../tools/cloudformation/template';
import { loadSystem, resourcesOf, type Found } from '../cloudformation/support/system';
import { hasMoto, startMoto, type Moto } from '../support/moto';

/** Names of members as the API has them; what an action is configured with stays as it is. */
function asApi(value: Value, key = ''): unknown {
  if (isList(value)) return value.map((item) => asApi(item));
  if (typeof value === 'string') return value.replaceAll(/\$\{([a-z]+):([^}]+)\}/g, '$1-$2');
  if (!isValues(value)) return value;
  const name = (member: string) =>
    key === 'Configuration' ? member : member.charAt(0).toLowerCase() + member.slice(1);
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [name(member), asApi(inner, member)]));
}

const pipelines = loadSystem().variants.map(
  (variant) => [variant.name, [...resourcesOf(variant, 'AWS::CodePipeline::Pipeline')][0]] as [string, Found],
);

(hasMoto ? describe : describe.skip)('the pipeline (skipped where there is no moto_server)', () => {
  let moto: Moto;
  let iam: IAMClient;
  let codePipeline: CodePipelineClient;

  beforeAll(async () => {
    moto = await startMoto();
    iam = new IAMClient(moto.clientOptions);
    codePipeline = new CodePipelineClient(moto.clientOptions);
  });
  afterAll(() => {
    iam.destroy();
    codePipeline.destroy();
    moto.stop();
  });

  it.each(pipelines)('is taken by CodePipeline: %s', async (variant, found) => {
    const role = found.stack.resources.PipelineRole?.Properties ?? {};
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: variant.replaceAll(' ', '-'),
        AssumeRolePolicyDocument: JSON.stringify(role.AssumeRolePolicyDocument),
      }),
    );
    const asked = {
      ...(asApi(found.Properties) as PipelineDeclaration),
      name: variant.replaceAll(' ', '-'),
      roleArn: Role?.Arn,
    };

    const { pipeline } = await codePipeline.send(new CreatePipelineCommand({ pipeline: asked }));

    expect(pipeline?.stages?.map(({ name }) => name)).toEqual(['Source', 'Build', 'Was', 'Web', 'Monitor']);
    expect(pipeline).toMatchObject({ executionMode: 'QUEUED', pipelineType: 'V2', stages: asked.stages });
  });
});

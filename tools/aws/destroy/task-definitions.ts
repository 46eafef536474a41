/** Takes out of use the task definitions of a stage: those that stacks have made, and one for each rollout of the pipeline. */
import { DeregisterTaskDefinitionCommand, paginateListTaskDefinitions } from '@aws-sdk/client-ecs';
import { AwsClients } from '../clients';
import { StageName } from '../stage/areas';

const SERVICES = ['web', 'was', 'monitor'] as const;

/** Gives how many there were. ECS keeps them, inactive; they cost nothing. */
export async function deregisterTaskDefinitions(
  { ecs: client }: AwsClients,
  { project, stage }: StageName,
): Promise<number> {
  let deregistered = 0;
  for (const family of SERVICES.map((service) => `${project}-${stage}-${service}`)) {
    const arns: string[] = [];
    for await (const page of paginateListTaskDefinitions({ client }, { familyPrefix: family, status: 'ACTIVE' })) {
      arns.push(...(page.taskDefinitionArns ?? []));
    }
    // arn:aws:ecs:<region>:<account>:task-definition/<family>:<revision>
    for (const arn of arns.filter((each) => each.split('/').at(-1)?.split(':')[0] === family)) {
      await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
      deregistered += 1;
    }
  }
  return deregistered;
}

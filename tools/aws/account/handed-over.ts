/** Reads what stacks hand over, and what these commands write beside it, from SSM. */
import { paginateGetParametersByPath, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { parameterPrefix, StageName } from '../stage/areas';

/** Values by the part of the path behind `/<project>/<stage>/`, such as `storage/build-bucket`. */
export type HandedOver = ReadonlyMap<string, string>;

export async function readHandedOver(client: SSMClient, name: StageName): Promise<Map<string, string>> {
  const prefix = parameterPrefix(name);
  const values = new Map<string, string>();
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: prefix, Recursive: true })) {
    for (const { Name = '', Value = '' } of Parameters) values.set(Name.slice(prefix.length), Value);
  }
  return values;
}

export async function writeParameter(client: SSMClient, name: StageName, path: string, value: string): Promise<void> {
  await client.send(
    new PutParameterCommand({ Name: `${parameterPrefix(name)}${path}`, Value: value, Type: 'String', Overwrite: true }),
  );
}

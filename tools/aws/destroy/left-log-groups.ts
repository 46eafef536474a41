/** Log groups that AWS makes by itself for what a stage runs, and that go with no stack. */
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { StageName } from '../stage/areas';
import { KeptResource } from './kept-resources';
import { endpointNames } from './running-parts';

export async function leftLogGroups(client: CloudWatchLogsClient, name: StageName): Promise<KeptResource[]> {
  const prefixes = [
    ...endpointNames(name).map((endpoint) => `/aws/sagemaker/Endpoints/${endpoint}`),
    `/aws/ecs/containerinsights/${name.project}-${name.stage}-`,
    `/aws/lambda/${name.project}-${name.stage}-`,
  ];
  const found = new Map<string, KeptResource>();
  for (const logGroupNamePrefix of prefixes) {
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
      for (const { logGroupName: id = '' } of logGroups) {
        // Another stage's name may begin with the name of this one.
        if (logGroupNamePrefix.includes('/Endpoints/') && id !== logGroupNamePrefix) continue;
        found.set(id, { type: 'AWS::Logs::LogGroup', name: id, id });
      }
    }
  }
  return [...found.values()];
}

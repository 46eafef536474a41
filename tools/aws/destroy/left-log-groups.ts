/** Log groups that AWS makes by itself for what a stage runs, and that go with no stack. */
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { StageName, stackName } from '../stage/areas';
import { KeptResource } from './kept-resources';
import { endpointNames } from './running-parts';

export async function leftLogGroups(client: CloudWatchLogsClient, name: StageName): Promise<KeptResource[]> {
  const prefixes = [
    ...endpointNames(name).map((endpoint) => `/aws/sagemaker/Endpoints/${endpoint}`),
    // The name of the stack as well: another stage's name may begin with the name of this one.
    `/aws/ecs/containerinsights/${stackName(name, 'platform')}-`,
    ...['ml', 'services'].map((area) => `/aws/lambda/${stackName(name, area)}-`),
  ];
  const found = new Map<string, KeptResource>();
  for (const logGroupNamePrefix of prefixes) {
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
      for (const { logGroupName: id = '' } of logGroups) {
        if (logGroupNamePrefix.includes('/Endpoints/') && id !== logGroupNamePrefix) continue;
        found.set(id, { type: 'AWS::Logs::LogGroup', name: id, id });
      }
    }
  }
  return [...found.values()];
}

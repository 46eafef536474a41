/** Asks IAM whether whoever acts may do what the deployment will do, as far as it may be asked. */
import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { reasonOf } from '../../../apps/pipeline/src/reason-of';
import { Finding, fault, warning } from './finding';
import { Identity } from './identity';

/** IAM takes so many actions at a time and answers in good time. */
const ACTIONS_AT_ONCE = 60;

/** @param actions such as `ec2:CreateVpc` */
export async function checkPermissions(
  iam: IAMClient,
  identity: Identity,
  actions: readonly string[],
): Promise<Finding[]> {
  if (identity.arn.endsWith(':root')) {
    return [warning('You act as the root user of the account. It may do everything; a role of your own is safer.')];
  }
  try {
    const principal = await policySourceArn(iam, identity.arn);
    const denied = await deniedActions(iam, principal, actions);
    if (denied.length === 0) return [];
    return [
      fault(
        `${identity.arn} may not do what is needed here:\n${byService(denied)}\n` +
          'Ask for these permissions. Where a policy grants them for certain resources only, which IAM cannot be asked about ' +
          'before there are any, say --skip-permission-check.',
      ),
    ];
  } catch (error) {
    return [warning(`Permissions could not be checked (${reasonOf(error)}). A missing one shows when it is needed.`)];
  }
}

/** Sessions have no policies, roles do. The session's name does not tell the role's path. */
async function policySourceArn(iam: IAMClient, arn: string): Promise<string> {
  const role = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined) return arn;
  const answer = await iam.send(new GetRoleCommand({ RoleName: role }));
  return answer.Role?.Arn ?? arn;
}

async function deniedActions(iam: IAMClient, principal: string, actions: readonly string[]): Promise<string[]> {
  const denied: string[] = [];
  for (let start = 0; start < actions.length; start += ACTIONS_AT_ONCE) {
    let marker: string | undefined;
    do {
      const page = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: principal,
          ActionNames: actions.slice(start, start + ACTIONS_AT_ONCE),
          ...(marker === undefined ? {} : { Marker: marker }),
        }),
      );
      for (const { EvalActionName = '', EvalDecision } of page.EvaluationResults ?? []) {
        if (EvalDecision !== 'allowed') denied.push(EvalActionName);
      }
      marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (marker !== undefined);
  }
  return denied;
}

function byService(actions: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const [service = '', name = ''] = action.split(':');
    services.set(service, [...(services.get(service) ?? []), name]);
  }
  return [...services].map(([service, names]) => `  ${service}: ${names.join(', ')}`).join('\n');
}

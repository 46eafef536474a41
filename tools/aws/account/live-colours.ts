/** Which colour of web and was the requests go to: read from the listeners, which CodeDeploy turns without telling CloudFormation. */
import { ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import {
  Action,
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { HandedOver } from './handed-over';

const TIERS = { web: 'WebLiveColour', was: 'WasLiveColour' } as const;
type Tier = keyof typeof TIERS;

export type Live = 'blue' | 'green' | 'shifting' | 'elsewhere';

/** Values of the parameters `WebLiveColour` and `WasLiveColour`, and why they must not be relied on just now. */
export interface LiveTraffic {
  readonly colours: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
}

/** Blue when there are no listeners yet: stacks begin with it. */
export async function readLiveTraffic(clients: AwsClients, handedOver: HandedOver): Promise<LiveTraffic> {
  const colours: Record<string, string> = Object.fromEntries(Object.values(TIERS).map((each) => [each, 'blue']));
  const faults: string[] = [];
  for (const tier of Object.keys(TIERS) as Tier[]) {
    const live = await liveOf(clients.loadBalancing, tier, handedOver);
    if (live === 'blue' || live === 'green') colours[TIERS[tier]] = live;
    if (live === 'shifting') faults.push(`Requests to ${tier} are being moved from one colour to the other.`);
    if (live === 'elsewhere') {
      faults.push(`The production listener of ${tier} forwards to neither its blue nor its green target group.`);
    }
  }
  faults.push(...(await deploymentsUnderWay(clients, handedOver)));
  return { colours, faults };
}

async function liveOf(
  client: ElasticLoadBalancingV2Client,
  tier: Tier,
  handedOver: HandedOver,
): Promise<Live | undefined> {
  const listener = handedOver.get(`platform/${tier}-production-listener-arn`);
  if (listener === undefined) return undefined;
  const answer = await unlessMissing(client.send(new DescribeListenersCommand({ ListenerArns: [listener] })));
  const actions = answer?.Listeners?.[0]?.DefaultActions;
  if (actions === undefined) return undefined;
  return liveColour(actions, (colour) => handedOver.get(`platform/${tier}-${colour}-target-group-arn`));
}

/** What a listener's actions amount to. Pure. */
export function liveColour(
  actions: readonly Action[],
  targetGroupOf: (colour: 'blue' | 'green') => string | undefined,
): Live {
  const forward = actions.find(({ Type }) => Type === 'forward');
  const groups = forward?.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: forward?.TargetGroupArn, Weight: 1 }];
  const live = groups.filter(({ Weight = 1 }) => Weight > 0);
  if (live.length > 1) return 'shifting';
  const colours = ['blue', 'green'] as const;
  return colours.find((colour) => live[0]?.TargetGroupArn === targetGroupOf(colour)) ?? 'elsewhere';
}

async function deploymentsUnderWay({ codeDeploy }: AwsClients, handedOver: HandedOver): Promise<string[]> {
  const application = handedOver.get('services/deployment-application');
  if (application === undefined) return [];
  const faults: string[] = [];
  for (const tier of Object.keys(TIERS) as Tier[]) {
    const group = handedOver.get(`services/${tier}-deployment-group`);
    if (group === undefined) continue;
    const answer = await unlessMissing(
      codeDeploy.send(
        new ListDeploymentsCommand({
          applicationName: application,
          deploymentGroupName: group,
          includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Ready'],
        }),
      ),
    );
    const [id] = answer?.deployments ?? [];
    if (id !== undefined) faults.push(`CodeDeploy is rolling out ${tier} (${id}).`);
  }
  return faults;
}

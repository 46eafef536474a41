/** Waits for what Lambda leaves in a network: the interfaces of functions, without whose end subnets and security groups do not go. */
import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import { setTimeout as sleep } from 'node:timers/promises';
import { count } from '../../../apps/pipeline/src/output/figures';
import { isNotAllowed } from '../aws-problems';
import { AwsClients } from '../clients';
import { ProgressPrinter } from '../terminal/progress-printer';

const POLL_INTERVAL_MS = 5_000;
/** AWS names no limit; people report 20 to 40 minutes. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** Goes on after an hour, as CloudFormation then says what stands in the way. */
export async function waitForFunctionInterfaces(
  clients: AwsClients,
  vpcId: string,
  printer: ProgressPrinter,
): Promise<void> {
  const end = Date.now() + LONGEST_WAIT_MS;
  let left = await functionInterfaces(clients, vpcId);
  if (left === 0) return;
  printer.begin('Waiting for AWS to take back network interfaces');
  const interfaces = (number: number) => count(number, 'network interface');
  printer.row('waiting', `${interfaces(left)} of functions that are gone; the network goes after them`);
  printer.detail('Lambda takes them back by itself, within up to 40 minutes. Nothing needs to be done.');
  while (left > 0 && Date.now() < end) {
    await sleep(POLL_INTERVAL_MS);
    left = await functionInterfaces(clients, vpcId);
    printer.remind(`${interfaces(left)} left`);
  }
  if (left === 0) printer.row('ok', 'they are gone', 'green');
}

async function functionInterfaces({ ec2 }: AwsClients, vpcId: string): Promise<number> {
  try {
    const { NetworkInterfaces = [] } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }),
    );
    return NetworkInterfaces.filter(
      ({ InterfaceType, Description = '' }) =>
        // The type's name is new; the description is what Lambda has always written.
        String(InterfaceType) === 'lambda' || Description.startsWith('AWS Lambda VPC ENI'),
    ).length;
  } catch (error) {
    if (isNotAllowed(error)) return 0;
    throw error;
  }
}

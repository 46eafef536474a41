/** Whether the delivery pipeline is told where its source is. The template has rules for it, which CloudFormation looks at when everything else has been made. */
import { enumerate } from '../../../apps/pipeline/src/output/figures';
import { ResolvedTemplate, textOf } from '../../cloudformation/resolve-template';
import { Finding, fault } from './finding';

const NEEDS: Readonly<Record<string, readonly string[]>> = {
  CodeCommit: ['SourceRepository'],
  CodeConnections: ['SourceRepository', 'ConnectionArn'],
};

/** @param chosen the parts that are deployed */
export function checkDeliverySource(chosen: readonly ResolvedTemplate[], stage: string): Finding[] {
  const delivery = chosen.find(({ template }) => template.area === 'delivery')?.parameters;
  const provider = textOf(delivery?.SourceProvider ?? 'S3');
  const missing = (NEEDS[provider] ?? []).filter((parameter) => textOf(delivery?.[parameter] ?? '') === '');
  if (missing.length === 0) return [];
  const file = `cloudformation/stages/${stage}.yaml`;
  return [
    fault(`SourceProvider is ${provider}, which needs ${enumerate(missing)}: set ${enumerate(missing)} in ${file}.`),
  ];
}

import type { Rule } from '../support/rule';
import { ACCESS_RULES } from './access';
import { APP_RULES } from './apps';
import { BUILD_RULES } from './builds';
import { DELIVERY_RULES } from './delivery';
import { DELIVERY_ACCESS_RULES } from './delivery-access';
import { DELIVERY_FLOW_RULES } from './delivery-flow';
import { ENDING_RULES } from './endings';
import { HANDOVER_RULES } from './handover';
import { LEARNING_RULES } from './learning';
import { METRIC_RULES } from './metrics';
import { NETWORK_RULES } from './network';
import { ROLLOUT_RULES } from './rollouts';
import { SERVICE_RULES } from './services';
import { STORAGE_RULES } from './storage';

const named = (area: string, rules: Readonly<Record<string, Rule>>) =>
  Object.entries(rules).map(([name, rule]) => [`${area}.${name}`, rule] as const);

/** All rules by their names: `services.targetType`. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ...named('access', ACCESS_RULES),
  ...named('apps', APP_RULES),
  ...named('builds', BUILD_RULES),
  ...named('delivery', { ...DELIVERY_RULES, ...DELIVERY_FLOW_RULES, ...DELIVERY_ACCESS_RULES }),
  ...named('endings', ENDING_RULES),
  ...named('handover', HANDOVER_RULES),
  ...named('learning', LEARNING_RULES),
  ...named('metrics', METRIC_RULES),
  ...named('network', NETWORK_RULES),
  ...named('rollouts', ROLLOUT_RULES),
  ...named('services', SERVICE_RULES),
  ...named('storage', STORAGE_RULES),
]);

// How connections and tasks end: whoever might still use one must have turned away before it is gone. Compares the numbers of load
// balancers and tasks with those of the apps.
import { DRAIN_LIMIT_MS, KEEP_ALIVE_TIMEOUT_MS } from '@app/platform';
import { IDLE_CONNECTION_MS } from '../../../apps/web/src/classification/http-was-client';
import { faultOf, type Rule } from '../support/rule';
import { listAt, resourcesOf, textAt, type Found, type System, type Variant } from '../support/system';
import { settingDefaults, tasks } from './apps';

const DEADLINES = ['WEB_DEADLINE_MS', 'WAS_DEADLINE_MS'];

/** The values of a setting in all tasks whose app has it, in milliseconds. */
function* millisecondsOf(system: System, variable: string, variant?: Variant) {
  for (const { definition, app, environment, name } of tasks(system)) {
    if (!app || (variant && definition.stack.variant !== variant)) continue;
    const value = environment[variable] ?? settingDefaults(app.config).get(variable);
    if (value !== undefined) yield { definition, name, milliseconds: Number(value) };
  }
}

function attributeMs(balancer: Found, key: string, preset: string): number {
  const attributes = listAt(balancer.Properties, 'LoadBalancerAttributes');
  return (
    Number(
      textAt(
        attributes.find((attribute) => textAt(attribute, 'Key') === key),
        'Value',
      ) || preset,
    ) * 1000
  );
}

export const ENDING_RULES = {
  idleConnections: {
    says: 'a load balancer gives up an idle connection before the service behind it does, after the one in front of it, and never one with an answer to come',
    *faults(system) {
      const deadlines = DEADLINES.flatMap((variable) => [...millisecondsOf(system, variable)]);
      const longest = Math.max(...deadlines.map(({ milliseconds }) => milliseconds));
      for (const balancer of resourcesOf(system, 'AWS::ElasticLoadBalancingV2::LoadBalancer')) {
        const idle = attributeMs(balancer, 'idle_timeout.timeout_seconds', '60');
        if (idle >= KEEP_ALIVE_TIMEOUT_MS)
          yield faultOf(balancer, `keeps a connection ${idle} ms, the service behind it ${KEEP_ALIVE_TIMEOUT_MS} ms`);
        if (textAt(balancer.Properties, 'Scheme') === 'internal' && idle <= IDLE_CONNECTION_MS)
          yield faultOf(balancer, `keeps a connection ${idle} ms, web in front of it ${IDLE_CONNECTION_MS} ms`);
        if (idle <= longest) yield faultOf(balancer, `waits ${idle} ms for an answer that may take ${longest} ms`);
      }
    },
  },
  noticed: {
    says: 'a task that is told to stop takes requests until its health check has failed',
    *faults(system) {
      for (const group of resourcesOf(system, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
        const value = (name: string, preset: string) => Number(textAt(group.Properties, name) || preset);
        const noticed = value('HealthCheckIntervalSeconds', '30') * value('UnhealthyThresholdCount', '2') * 1000;
        for (const { name, milliseconds } of millisecondsOf(system, 'DRAIN_DELAY_MS', group.stack.variant)) {
          if (name !== 'monitor' && milliseconds <= noticed)
            yield faultOf(
              group,
              `notices within ${noticed} ms that a task stops, and ${name} waits ${milliseconds} ms`,
            );
        }
      }
    },
  },
  lastAnswers: {
    says: 'a task that stops finishes the longest answer that it may have begun',
    *faults(system) {
      for (const { definition, milliseconds } of DEADLINES.flatMap((each) => [...millisecondsOf(system, each)])) {
        if (milliseconds > DRAIN_LIMIT_MS)
          yield faultOf(definition, `may take ${milliseconds} ms to answer, and is cut off after ${DRAIN_LIMIT_MS} ms`);
      }
    },
  },
} satisfies Record<string, Rule>;

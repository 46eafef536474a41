// Alarms, dashboards and metric filters: metrics that exist, with the dimensions under which they exist. A metric with a wrong name has no
// data, and an alarm on it never rings.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/platform';
import type { Value, Values } from '../../../tools/cloudformation/template';
import { textOf } from '../../../tools/cloudformation/resolve-template';
import { faultOf, type Rule } from '../support/rule';
import { at, listAt, resourcesOf, textAt, type Found, type System } from '../support/system';

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, Value>>;
}

type Dimensions = readonly string[];
const LOAD_BALANCER: Dimensions = ['LoadBalancer'];
const TARGET_GROUP: Dimensions = ['LoadBalancer', 'TargetGroup'];
const VARIANT: Dimensions = ['EndpointName', 'VariantName'];
const SERVICE: Dimensions = ['ClusterName', 'ServiceName'];
const each = (names: string, ...sets: readonly Dimensions[]) =>
  Object.fromEntries(names.split(' ').map((name) => [name, sets.map((set) => set.toSorted().join())]));

/** By namespace and name, the sets of dimensions under which there is data. From the services' guides, "CloudWatch metrics". */
const METRICS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'AWS/ApplicationELB': {
    ...each('RequestCount TargetResponseTime HTTPCode_Target_2XX_Count', LOAD_BALANCER, TARGET_GROUP),
    ...each('HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count', LOAD_BALANCER, TARGET_GROUP),
    ...each('HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count RejectedConnectionCount ProcessedBytes', LOAD_BALANCER),
    ...each('HealthyHostCount UnHealthyHostCount', TARGET_GROUP),
    ...each('RequestCountPerTarget', TARGET_GROUP, ['TargetGroup']),
  },
  'AWS/ECS': each('CPUUtilization MemoryUtilization', ['ClusterName'], SERVICE),
  'ECS/ContainerInsights': each(
    'RunningTaskCount DesiredTaskCount PendingTaskCount CpuUtilized MemoryUtilized',
    SERVICE,
  ),
  'AWS/SageMaker': {
    ...each('Invocations Invocation4XXErrors Invocation5XXErrors InvocationModelErrors', VARIANT),
    ...each('ModelLatency OverheadLatency InvocationsPerInstance ModelSetupTime', VARIANT),
    ...each('ExecutionFailed ExecutionSucceeded ExecutionDuration', ['PipelineName']),
  },
  '/aws/sagemaker/Endpoints': each('CPUUtilization MemoryUtilization DiskUtilization', VARIANT),
  'AWS/SQS': each('ApproximateNumberOfMessagesVisible ApproximateAgeOfOldestMessage NumberOfMessagesSent', [
    'QueueName',
  ]),
  'AWS/Logs': each('IncomingBytes IncomingLogEvents', ['LogGroupName']),
  'AWS/Lambda': each('Errors Invocations Throttles Duration ConcurrentExecutions', ['FunctionName']),
  'AWS/WAFV2': each('BlockedRequests AllowedRequests CountedRequests', ['Region', 'Rule', 'WebACL']),
  'AWS/NATGateway': each('ErrorPortAllocation PacketsDropCount BytesOutToDestination', ['NatGatewayId']),
};

const OWN = 'ImageClassifier';

/** The metrics that an alarm looks at. */
export function* metricsOf({ Properties }: Found): Generator<Metric> {
  const all = [Properties, ...listAt(Properties, 'Metrics').map((query) => at(query, 'MetricStat', 'Metric') ?? null)];
  for (const metric of all) {
    if (textAt(metric, 'MetricName') === '') continue;
    const dimensions = listAt(metric, 'Dimensions').map((dimension) => [
      textAt(dimension, 'Name'),
      at(dimension, 'Value') ?? '',
    ]);
    yield {
      namespace: textAt(metric, 'Namespace'),
      name: textAt(metric, 'MetricName'),
      dimensions: Object.fromEntries(dimensions) as Metric['dimensions'],
    };
  }
}

/** The metrics of a dashboard: `[namespace, name, dimension, value, ..., options]`, where `.` repeats the one above. */
function* metricsOfDashboard(body: Value): Generator<Metric> {
  for (const widget of listAt(body, 'widgets')) {
    let above: readonly Value[] = [];
    for (const row of listAt(widget, 'properties', 'metrics')) {
      const words = listAt(row).filter((word) => typeof word === 'string');
      if (words.length < 2) continue; // an expression
      const line = words.map((word, index) => (word === '.' ? (above[index] ?? word) : word));
      above = line;
      const [namespace = '', name = '', ...rest] = line;
      const dimensions = rest.flatMap((key, index) => (index % 2 === 0 ? [[textOf(key), rest[index + 1] ?? '']] : []));
      yield {
        namespace: textOf(namespace),
        name: textOf(name),
        dimensions: Object.fromEntries(dimensions) as Metric['dimensions'],
      };
    }
  }
}

/** What the apps and functions write as embedded metrics: the names are in their sources. */
function embeddedMetricNames(): Set<string> {
  const sources = ['apps/monitor/src/metrics/embedded-metrics.ts', ...sourcesOf('apps/functions/src')];
  const text = sources.map((file) => readFileSync(join(PRODUCT_ROOT, file), 'utf8')).join('\n');
  return new Set(
    [...text.matchAll(/(?:^ *|\{ )([A-Z][A-Za-z0-9]+): \[|\| '([A-Z][A-Za-z]+)'/gm)].map(
      ([, one, two]) => one ?? two ?? '',
    ),
  );
}

/** monitor writes by `service`, to the namespace that its task is given; functions write to the namespace of the product. */
function embeddedNamespaceOf({ stack }: Found, { dimensions }: Metric): string {
  if (!('service' in dimensions)) return OWN;
  const given = [...resourcesOf(stack.variant, 'AWS::ECS::TaskDefinition')]
    .flatMap(({ Properties }) => listAt(Properties, 'ContainerDefinitions'))
    .flatMap((container) => listAt(container, 'Environment'))
    .find((entry) => textAt(entry, 'Name') === 'MONITOR_EMF_NAMESPACE');
  return textAt(given, 'Value') || OWN;
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(PRODUCT_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => join(folder, file));
}

function* used(system: System): Generator<{ found: Found; metric: Metric }> {
  for (const found of resourcesOf(system, 'AWS::CloudWatch::Alarm')) {
    for (const metric of metricsOf(found)) yield { found, metric };
  }
  for (const found of resourcesOf(system, 'AWS::CloudWatch::Dashboard')) {
    const body = parsed(found.Properties.DashboardBody);
    if (body !== undefined) for (const metric of metricsOfDashboard(body)) yield { found, metric };
  }
}

function parsed(text: Value | undefined): Values | undefined {
  try {
    const value: unknown = JSON.parse(typeof text === 'string' ? text : '');
    return typeof value === 'object' && value !== null ? (value as Values) : undefined;
  } catch {
    return undefined;
  }
}

export const METRIC_RULES = {
  knownMetrics: {
    says: 'alarms and dashboards look at metrics of AWS that exist, with dimensions under which they exist',
    *faults(system) {
      for (const { found, metric } of used(system)) {
        if (metric.namespace.startsWith(OWN)) continue;
        const sets = METRICS[metric.namespace]?.[metric.name];
        const dimensions = Object.keys(metric.dimensions).toSorted().join();
        if (!sets) yield faultOf(found, `looks at ${metric.namespace} ${metric.name}, which is not known`);
        else if (!sets.includes(dimensions)) {
          yield faultOf(found, `looks at ${metric.name} by ${dimensions || 'nothing'}; there is ${sets.join(' or ')}`);
        }
      }
    },
  },
  ownMetrics: {
    says: 'metrics of our own that are looked at are written: by a metric filter, or by code in the embedded format',
    *faults(system) {
      const embedded = embeddedMetricNames();
      for (const { found, metric } of used(system)) {
        if (!metric.namespace.startsWith(OWN)) continue;
        const filters = [...resourcesOf(found.stack.variant, 'AWS::Logs::MetricFilter')].flatMap(({ Properties }) =>
          listAt(Properties, 'MetricTransformations').map(
            (one) => `${textAt(one, 'MetricNamespace')} ${textAt(one, 'MetricName')}`,
          ),
        );
        const byFilter = filters.includes(`${metric.namespace} ${metric.name}`);
        const namespace = embeddedNamespaceOf(found, metric);
        if (!byFilter && embedded.has(metric.name) && metric.namespace !== namespace) {
          yield faultOf(found, `looks at ${metric.name} of ${metric.namespace}; it is written to ${namespace}`);
        }
        if (!byFilter && !embedded.has(metric.name))
          yield faultOf(found, `looks at ${metric.name}, which nobody writes`);
        if (byFilter && Object.keys(metric.dimensions).length > 0)
          yield faultOf(found, `looks at ${metric.name} by dimensions, which its filter has not`);
      }
    },
  },
  dashboard: {
    says: 'a dashboard is JSON with widgets that do not overlap the 24 columns',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::CloudWatch::Dashboard')) {
        const body = parsed(found.Properties.DashboardBody);
        if (listAt(body, 'widgets').length === 0) yield faultOf(found, 'is no JSON with widgets');
        for (const widget of listAt(body, 'widgets')) {
          if (Number(textAt(widget, 'x')) + Number(textAt(widget, 'width')) > 24)
            yield faultOf(found, 'is wider than 24 columns');
        }
      }
    },
  },
  missingData: {
    says: 'an alarm says what it makes of missing data',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::CloudWatch::Alarm')) {
        if (found.Properties.TreatMissingData === undefined) yield faultOf(found, 'says nothing of TreatMissingData');
      }
    },
  },
  bothColours: {
    says: 'who looks at one colour of a service looks at the other one in the same way',
    *faults(system) {
      for (const found of [
        ...resourcesOf(system, 'AWS::CloudWatch::Alarm'),
        ...resourcesOf(system, 'AWS::CloudWatch::CompositeAlarm'),
      ]) {
        const byMetric = new Map<string, Set<string>>();
        for (const { name, dimensions } of metricsOf(found)) {
          const group = textAt(dimensions.TargetGroup);
          const colour = /(Blue|Green)/.exec(group)?.[1];
          if (colour) byMetric.set(name, (byMetric.get(name) ?? new Set()).add(group));
        }
        for (const [name, groups] of byMetric) {
          const swapped = [...groups].map((group) =>
            group.includes('Blue') ? group.replace('Blue', 'Green') : group.replace('Green', 'Blue'),
          );
          if (swapped.some((group) => !groups.has(group)) && !hasTwin(found, name, swapped)) {
            yield faultOf(found, `looks at ${name} of one colour only`);
          }
        }
      }
    },
  },
} satisfies Record<string, Rule>;

/** Whether another alarm of the same stack looks at the same metric of the other colour. */
function hasTwin({ stack, logicalId }: Found, name: string, groups: readonly string[]): boolean {
  return [...resourcesOf(stack.variant, 'AWS::CloudWatch::Alarm')]
    .filter((other) => other.logicalId !== logicalId && other.stack.template === stack.template)
    .some((other) =>
      [...metricsOf(other)].some(
        (metric) => metric.name === name && groups.includes(textAt(metric.dimensions.TargetGroup)),
      ),
    );
}

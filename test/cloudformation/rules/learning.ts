// SageMaker's limits, and events that start things.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/platform';
import type { Value } from '../../../tools/cloudformation/template';
import { faultOf, type Rule } from '../support/rule';
import { at, listAt, resourcesOf, textAt } from '../support/system';

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const PIPELINE_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/;
const INSTANCE_TYPE =
  /^ml\.(t[23]|m[4-8][a-z]*|c[4-8][a-z]*|r[5-8][a-z]*|g[4-6][a-z]*|p[3-6][a-z]*|inf[12]|trn[12][a-z]*)\.(nano|micro|medium|large|(\d+)?xlarge)$/;
const INSTANCE_PARAMETER = /(Endpoint|Training)InstanceType$/;

/** What a pattern may ask of an event: EventBridge user guide, "Events". */
const EVENT_KEYS = ['account', 'detail', 'detail-type', 'id', 'region', 'resources', 'source', 'time', 'version'];
/** By source, its detail types that are used here and the keys of their details. */
const EVENTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'aws.sagemaker': {
    'SageMaker Model Package State Change': [
      'ModelPackageGroupName',
      'ModelApprovalStatus',
      'ModelPackageArn',
      'ModelPackageStatus',
    ],
    'SageMaker Endpoint State Change': ['EndpointName', 'EndpointStatus', 'EndpointArn'],
    'SageMaker Model Building Pipeline Execution Status Change': [
      'pipelineArn',
      'currentPipelineExecutionStatus',
      'previousPipelineExecutionStatus',
      'pipelineExecutionArn',
    ],
    'SageMaker Training Job State Change': ['TrainingJobName', 'TrainingJobStatus'],
  },
  'aws.s3': { 'Object Created': ['bucket', 'object', 'reason'] },
  'aws.cloudwatch': { 'CloudWatch Alarm State Change': ['alarmName', 'state', 'previousState', 'configuration'] },
  'aws.codedeploy': {
    'CodeDeploy Deployment State-change Notification': [
      'application',
      'deploymentGroup',
      'deploymentId',
      'state',
      'region',
      'instanceGroupId',
    ],
  },
  'aws.codepipeline': {
    'CodePipeline Pipeline Execution State Change': ['pipeline', 'state', 'execution-id', 'version'],
    'CodePipeline Action Execution State Change': [
      'pipeline',
      'stage',
      'action',
      'state',
      'type',
      'execution-id',
      'execution-result',
    ],
  },
  'aws.codecommit': {
    'CodeCommit Repository State Change': ['event', 'referenceType', 'referenceName', 'repositoryName', 'commitId'],
  },
  'aws.ecs': {
    'ECS Deployment State Change': ['eventName', 'deploymentId', 'reason', 'eventType'],
    'ECS Service Action': ['eventName', 'clusterArn', 'eventType'],
  },
};

/** What a pattern asks of an event's detail, of alternatives (`$or`) each. */
function keysOf(detail: Value | undefined): string[] {
  return Object.entries(detail ?? {}).flatMap(([key, inner]) =>
    key === '$or' ? listAt(inner as Value).flatMap(keysOf) : [key],
  );
}

export const LEARNING_RULES = {
  instanceTypes: {
    says: 'machines of SageMaker are of types that may exist, by default, by choice and in the stages',
    *faults(system) {
      for (const template of system.templates) {
        for (const [name, parameter] of Object.entries(template.parameters)) {
          if (!INSTANCE_PARAMETER.test(name)) continue;
          const given = [...system.stages.values()].flatMap((values) => values[name] ?? []);
          for (const type of [
            ...(parameter.AllowedValues ?? []),
            ...(parameter.Default === undefined ? [] : [parameter.Default]),
            ...given,
          ]) {
            if (!INSTANCE_TYPE.test(String(type)))
              yield `${template.file} ${name} has ${type}, which is no type of SageMaker`;
          }
        }
      }
    },
  },
  serverless: {
    says: 'a serverless endpoint has a memory in steps of 1024 from 1024 to 6144 MB, and 1 to 200 invocations at once',
    *faults(system) {
      for (const { file, parameters } of system.templates) {
        const { ServerlessMemoryMb: memory, ServerlessMaxConcurrency: concurrency } = parameters;
        for (const value of [...(memory?.AllowedValues ?? []), ...(memory ? [memory.Default ?? 0] : [])].map(Number)) {
          if (value % 1024 !== 0 || value < 1024 || value > 6144) yield `${file} ServerlessMemoryMb has ${value}`;
        }
        if (memory && memory.AllowedValues === undefined) yield `${file} ServerlessMemoryMb takes any number`;
        if (concurrency && ((concurrency.MinValue ?? 0) < 1 || (concurrency.MaxValue ?? 1000) > 200))
          yield `${file} ServerlessMaxConcurrency takes more than 1 to 200`;
      }
    },
  },
  names: {
    says: 'names of pipelines and model package groups are such that SageMaker takes them',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::SageMaker::Pipeline')) {
        if (!PIPELINE_NAME.test(textAt(found.Properties, 'PipelineName')))
          yield faultOf(found, 'has a PipelineName that SageMaker refuses');
      }
      for (const found of resourcesOf(system, 'AWS::SageMaker::ModelPackageGroup')) {
        if (!NAME.test(textAt(found.Properties, 'ModelPackageGroupName')))
          yield faultOf(found, 'has a name that SageMaker refuses');
      }
    },
  },
  definition: {
    says: 'a pipeline has a definition: the object of the build bucket that is made of the generated file, which is JSON with steps',
    *faults(system) {
      const text = readFileSync(join(PRODUCT_ROOT, 'apps', 'pipeline', 'pipeline-definition.json'), 'utf8');
      for (const found of resourcesOf(system, 'AWS::SageMaker::Pipeline')) {
        const place = at(found.Properties, 'PipelineDefinition', 'PipelineDefinitionS3Location');
        if (!/^pipelines\/[0-9a-f]{64}\.json$/.test(textAt(place, 'Key')) || textAt(place, 'Bucket') === '')
          yield faultOf(found, 'has no definition in the build bucket');
        const body = textAt(found.Properties, 'PipelineDefinition', 'PipelineDefinitionBody') || text;
        if (listAt(JSON.parse(body) as Value, 'Steps').length === 0)
          yield faultOf(found, 'has a definition without steps');
      }
    },
  },
  eventPatterns: {
    says: 'rules wait for events that there are',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::Events::Rule')) {
        const pattern = found.Properties.EventPattern;
        if (pattern === undefined) continue;
        for (const key of Object.keys(pattern ?? {}))
          if (!EVENT_KEYS.includes(key)) yield faultOf(found, `asks for ${key}, which no event has`);
        for (const source of listAt(pattern, 'source').map(String)) {
          for (const type of listAt(pattern, 'detail-type').map(String)) {
            const known = EVENTS[source]?.[type];
            if (!known) yield faultOf(found, `waits for "${type}" of ${source}, which is not known`);
            for (const key of keysOf(at(pattern, 'detail'))) {
              if (known && !known.includes(key))
                yield faultOf(found, `asks "${type}" for ${key}; it has ${known.join(', ')}`);
            }
          }
        }
      }
    },
  },
  targets: {
    says: 'what a rule cannot deliver to a queue or function is kept',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::Events::Rule')) {
        const targets = listAt(found.Properties, 'Targets');
        if (targets.length === 0) yield faultOf(found, 'has no target');
        for (const target of targets) {
          const isTopic = textAt(target, 'Arn').includes('Topic');
          if (!isTopic && at(target, 'DeadLetterConfig') === undefined)
            yield faultOf(found, 'has a target without DeadLetterConfig');
        }
      }
    },
  },
  functions: {
    says: 'a queue hides a message at least six times as long as its function may work, as Lambda asks for',
    *faults(system) {
      for (const mapping of resourcesOf(system, 'AWS::Lambda::EventSourceMapping')) {
        const inStack = Object.values(mapping.stack.resources);
        const queue = inStack.find(({ logicalId }) =>
          textAt(mapping.Properties, 'EventSourceArn').includes(`:${logicalId}.Arn`),
        );
        const called = inStack.find(({ logicalId }) =>
          textAt(mapping.Properties, 'FunctionName').includes(`:${logicalId}`),
        );
        const hidden = Number(textAt(queue?.Properties, 'VisibilityTimeout') || '30');
        const works = Number(textAt(called?.Properties, 'Timeout') || '3');
        if (hidden < 6 * works)
          yield faultOf(mapping, `hides messages for ${hidden} s, and its function may work ${works} s`);
        if (!listAt(mapping.Properties, 'FunctionResponseTypes').includes('ReportBatchItemFailures'))
          yield faultOf(mapping, 'needs ReportBatchItemFailures: the functions answer so');
      }
    },
  },
} satisfies Record<string, Rule>;

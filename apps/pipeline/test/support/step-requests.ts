// The requests that the steps of a definition make, with a value in the place of each expression, and what is wrong with them:
// as the AWS SDK and, where Python has it, botocore see it.
import {
  CreateModelPackage$,
  CreateProcessingJob$,
  CreateTrainingJob$,
  ModelApprovalStatus,
  ProcessingInstanceType,
  ProcessingS3DataDistributionType,
  ProcessingS3DataType,
  ProcessingS3InputMode,
  ProcessingS3UploadMode,
  ProductionVariantInstanceType,
  S3DataDistribution,
  S3DataType,
  TrainingInputMode,
  TrainingInstanceType,
} from '@aws-sdk/client-sagemaker';
import { spawnSync } from 'node:child_process';
import { inputFaults, OperationSchema } from '../../../../test/support/sdk-shapes';
import { allSteps } from '../../src/definition/definition-faults';
import type { PipelineDefinition, StepDefinition } from '../../src/definition/pipeline-definition';

export interface StepRequest {
  readonly step: string;
  readonly operation: string;
  readonly request: Readonly<Record<string, unknown>>;
}

interface Kind {
  readonly operation: string;
  readonly schema: OperationSchema;
  /** SageMaker names jobs itself. */
  readonly named: Readonly<Record<string, string>>;
  /** Members that take one of these values: the SDK's schemas do not say so. */
  readonly enums: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const KINDS: Partial<Record<StepDefinition['Type'], Kind>> = {
  Training: {
    operation: 'CreateTrainingJob',
    schema: CreateTrainingJob$,
    named: { TrainingJobName: 'job' },
    enums: {
      TrainingInputMode,
      S3DataType,
      S3DataDistributionType: S3DataDistribution,
      InstanceType: TrainingInstanceType,
    },
  },
  Processing: {
    operation: 'CreateProcessingJob',
    schema: CreateProcessingJob$,
    named: { ProcessingJobName: 'job' },
    enums: {
      S3DataType: ProcessingS3DataType,
      S3InputMode: ProcessingS3InputMode,
      S3UploadMode: ProcessingS3UploadMode,
      S3DataDistributionType: ProcessingS3DataDistributionType,
      InstanceType: ProcessingInstanceType,
    },
  },
  RegisterModel: {
    operation: 'CreateModelPackage',
    schema: CreateModelPackage$,
    named: {},
    enums: { ModelApprovalStatus, SupportedRealtimeInferenceInstanceTypes: ProductionVariantInstanceType },
  },
};

/** By the types that parameters have; a default comes first. */
const VALUES = { String: 's3://bucket/prefix', Integer: 1, Float: 0.5, Boolean: true } as const;
/** Of parameters for which the API asks more of a text. */
const TEXTS: Readonly<Record<string, string>> = {
  RoleArn: 'arn:aws:iam::123456789012:role/pipeline',
  Image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/model:1.0.0',
};

/** With the values of an execution that says nothing but what it has to. */
export function stepRequests(definition: PipelineDefinition): StepRequest[] {
  return allSteps(definition.Steps).flatMap((step) => {
    const kind = KINDS[step.Type];
    if (kind === undefined) return [];
    const request = { ...(resolve(step.Arguments, definition) as object), ...kind.named }; // an object stays one
    return [{ step: step.Name, operation: kind.operation, request }];
  });
}

/** What the AWS SDK knows to be wrong. */
export function requestFaults(definition: PipelineDefinition): string[] {
  const types = new Map(allSteps(definition.Steps).map(({ Name, Type }) => [Name, Type]));
  return stepRequests(definition).flatMap(({ step, request }) => {
    const type = types.get(step);
    const kind = type && KINDS[type];
    if (kind === undefined) return [];
    const faults = [
      ...inputFaults(kind.schema, request),
      ...enumFaults(request, kind.enums),
      ...instanceFaults(request),
    ];
    return faults.map((fault) => `step ${step}: ${fault}`);
  });
}

function resolve(value: unknown, definition: PipelineDefinition): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, definition));
  if (typeof value !== 'object' || value === null) return value;
  if ('Get' in value) return valueOf(String(value.Get), definition);
  if ('Std:JsonGet' in value) return VALUES.Float;
  if ('Std:Join' in value) {
    const { On, Values } = value['Std:Join'] as { On: string; Values: unknown[] }; // as `join` writes it
    return Values.map((item) => resolve(item, definition)).join(On);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, definition)]));
}

function valueOf(reference: string, { Parameters }: PipelineDefinition): unknown {
  const parameter = Parameters.find(({ Name }) => reference === `Parameters.${Name}`);
  if (parameter !== undefined) return parameter.DefaultValue ?? TEXTS[parameter.Name] ?? VALUES[parameter.Type];
  return reference.startsWith('Execution.') ? 'abcdefghijkl' : VALUES.String;
}

function* enumFaults(value: unknown, enums: Kind['enums']): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [member, content] of Object.entries(value)) {
    const values = enums[member] && Object.values(enums[member]);
    const items: readonly unknown[] = Array.isArray(content) ? content : [content];
    for (const item of values === undefined ? [] : items) {
      if (!values?.some((value) => value === item)) yield `${member}: ${JSON.stringify(item)} is not one of its values`;
    }
    yield* enumFaults(content, enums);
  }
}

/** Optional in the API, because there are instance groups; a job without both is refused. */
function* instanceFaults({ ResourceConfig: resources }: StepRequest['request']): Generator<string> {
  if (typeof resources !== 'object' || resources === null) return;
  for (const member of ['InstanceCount', 'InstanceType', 'VolumeSizeInGB']) {
    if (!(member in resources)) yield `ResourceConfig.${member} is missing`;
  }
}

export const hasBotocore = spawnSync('python3', ['-c', 'import botocore'], { stdio: 'ignore' }).status === 0;

/** Beside members, types and least sizes, which botocore checks: enums, patterns (where Python can read them) and largest sizes. */
const BOTOCORE = `
import json, re, sys
import botocore.loaders, botocore.model, botocore.validate

service = botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model('sagemaker', 'service-2'))

def limits(shape, value, place):
    if shape.type_name == 'structure' and isinstance(value, dict):
        for name, member in value.items():
            if name in shape.members: yield from limits(shape.members[name], member, place + '.' + name)
    elif shape.type_name == 'list' and isinstance(value, list):
        yield from most(shape, len(value), place)
        for item in value: yield from limits(shape.member, item, place + '[]')
    elif shape.type_name == 'map' and isinstance(value, dict):
        yield from most(shape, len(value), place)
        for key, item in value.items():
            yield from limits(shape.key, key, place)
            yield from limits(shape.value, item, place + '.' + key)
    elif shape.type_name == 'string' and isinstance(value, str):
        yield from most(shape, len(value), place)
        if shape.enum and value not in shape.enum: yield place + ': ' + value + ' is not one of its values'
        try: fits = re.fullmatch(shape.metadata.get('pattern', '(?s).*'), value)
        except re.error: fits = True
        if not fits: yield place + ': ' + value + ' does not match ' + shape.metadata['pattern']
    elif isinstance(value, (int, float)): yield from most(shape, value, place)

def most(shape, size, place):
    if size > shape.metadata.get('max', size): yield place + ': its size is ' + str(size)

answer = []
for each in json.load(sys.stdin):
    shape = service.operation_model(each['operation']).input_shape
    report = botocore.validate.ParamValidator().validate(each['request'], shape)
    found = report.generate_report().splitlines() if report.has_errors() else []
    answer += ['step ' + each['step'] + ': ' + fault for fault in found + list(limits(shape, each['request'], ''))]
print(json.dumps(answer))
`;

/** What botocore knows to be wrong with the requests of several definitions, in one list. */
export function botocoreFaults(...definitions: readonly PipelineDefinition[]): string[] {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', BOTOCORE], {
    input: JSON.stringify(definitions.flatMap(stepRequests)),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[]; // printed by the script above
}

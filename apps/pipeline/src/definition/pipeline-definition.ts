// The JSON of a pipeline definition, as Amazon SageMaker Pipelines reads it (version 2020-12-01).
import type { ParameterType } from './pipeline-parameters';

export interface PipelineDefinition {
  readonly Version: '2020-12-01';
  readonly Metadata: Readonly<Record<string, string>>;
  readonly Parameters: readonly ParameterDeclaration[];
  readonly Steps: readonly StepDefinition[];
}

export interface ParameterDeclaration {
  readonly Name: string;
  readonly Type: ParameterType;
  readonly DefaultValue?: string | number | boolean;
  readonly EnumValues?: readonly (string | number | boolean)[];
}

export interface StepDefinition {
  readonly Name: string;
  readonly Type: 'Training' | 'Processing' | 'Condition' | 'RegisterModel' | 'Fail';
  /** The request that SageMaker makes, with expressions in it (`{ Get: ... }`); conditions and branches of a Condition. */
  readonly Arguments: object;
  readonly CacheConfig?: CacheConfig;
  readonly RetryPolicies?: readonly RetryPolicy[];
  readonly PropertyFiles?: readonly PropertyFileDeclaration[];
}

export interface CacheConfig {
  readonly Enabled: boolean;
  /** ISO 8601. */
  readonly ExpireAfter: string;
}

export interface RetryPolicy {
  readonly ExceptionType: readonly RetryableException[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  /** At most 20. */
  readonly MaxAttempts: number;
}

export type RetryableException =
  | 'Step.SERVICE_FAULT'
  | 'Step.THROTTLING'
  | 'SageMaker.JOB_INTERNAL_ERROR'
  | 'SageMaker.CAPACITY_ERROR'
  | 'SageMaker.RESOURCE_LIMIT';

export interface PropertyFileDeclaration<File extends string = string, Output extends string = string> {
  readonly PropertyFileName: File;
  readonly OutputName: Output;
  /** Within the output. */
  readonly FilePath: string;
}

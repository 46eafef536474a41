// Steps of a pipeline, with the members that the SDK's own types give to the requests they make. A step hands out variables for
// what it gives, so that nothing can be asked of a step but what it has.
import type {
  CreateModelPackageInput,
  CreateProcessingJobRequest,
  CreateTrainingJobRequest,
  ProcessingOutput,
  ResourceConfig,
} from '@aws-sdk/client-sagemaker';
import type { CacheConfig, PropertyFileDeclaration, RetryPolicy, StepDefinition } from './pipeline-definition';
import { PathIn, PropertyFile, ValueAt, Variable, variable, WithVariables } from './pipeline-variables';

export interface Step {
  readonly definition: StepDefinition;
}

interface JobOptions {
  readonly CacheConfig?: CacheConfig;
  readonly RetryPolicies?: readonly RetryPolicy[];
}

/** The API takes a job without these, because there are instance groups and serverless jobs. We have neither. */
type Machines = WithVariables<Required<Pick<ResourceConfig, 'InstanceType' | 'InstanceCount' | 'VolumeSizeInGB'>>>;

/** SageMaker names the jobs itself. */
export type TrainingArguments = WithVariables<Omit<CreateTrainingJobRequest, 'TrainingJobName' | 'ResourceConfig'>> & {
  readonly ResourceConfig: Machines;
};

export interface TrainingStep extends Step {
  /** S3 URI of `model.tar.gz`. */
  readonly modelArtifacts: Variable<string>;
}

export function trainingStep(
  step: { readonly Name: string; readonly Arguments: TrainingArguments } & JobOptions,
): TrainingStep {
  const { Name, ...rest } = step;
  return {
    definition: { Name, Type: 'Training', ...rest },
    modelArtifacts: variable({ Get: `Steps.${Name}.ModelArtifacts.S3ModelArtifacts` }),
  };
}

export type ProcessingArguments<Output extends string> = WithVariables<
  Omit<CreateProcessingJobRequest, 'ProcessingJobName' | 'ProcessingOutputConfig'>
> & {
  readonly ProcessingOutputConfig: {
    readonly Outputs: readonly (WithVariables<Omit<ProcessingOutput, 'OutputName'>> & {
      readonly OutputName: Output;
    })[];
  };
};

export interface ProcessingStep<Output extends string, File extends string> extends Step {
  /** S3 URI of the prefix that an output is uploaded to. */
  outputUri(name: Output): Variable<string>;
  propertyFile<Content>(name: File): PropertyFile<Content>;
}

export function processingStep<const Output extends string, const File extends string>(
  step: {
    readonly Name: string;
    readonly Arguments: ProcessingArguments<Output>;
    readonly PropertyFiles: readonly PropertyFileDeclaration<File, NoInfer<Output>>[];
  } & JobOptions,
): ProcessingStep<Output, File> {
  const { Name, ...rest } = step;
  return {
    definition: { Name, Type: 'Processing', ...rest },
    outputUri: (name) => variable({ Get: `Steps.${Name}.ProcessingOutputConfig.Outputs['${name}'].S3Output.S3Uri` }),
    propertyFile: <Content>(name: File) => ({
      get: <Path extends PathIn<Content>>(Path: Path) =>
        variable<ValueAt<Content, Path>>({
          'Std:JsonGet': { PropertyFile: { Get: `Steps.${Name}.PropertyFiles.${name}` }, Path },
        }),
    }),
  };
}

export const CONDITION_TYPES = ['GreaterThanOrEqualTo', 'LessThanOrEqualTo'] as const;

export interface Condition {
  readonly Type: (typeof CONDITION_TYPES)[number];
  readonly LeftValue: Variable<number>;
  readonly RightValue: number | Variable<number>;
}

export function atLeast(LeftValue: Variable<number>, RightValue: number | Variable<number>): Condition {
  return { Type: 'GreaterThanOrEqualTo', LeftValue, RightValue };
}

export function atMost(LeftValue: Variable<number>, RightValue: number | Variable<number>): Condition {
  return { Type: 'LessThanOrEqualTo', LeftValue, RightValue };
}

/** Goes on with `IfSteps` when all conditions hold, otherwise with `ElseSteps`. */
export function conditionStep(step: {
  readonly Name: string;
  readonly Conditions: readonly Condition[];
  readonly IfSteps: readonly Step[];
  readonly ElseSteps: readonly Step[];
}): Step {
  const { Name, Conditions, IfSteps, ElseSteps } = step;
  const Arguments = {
    Conditions,
    IfSteps: IfSteps.map(({ definition }) => definition),
    ElseSteps: ElseSteps.map(({ definition }) => definition),
  };
  return { definition: { Name, Type: 'Condition', Arguments } };
}

export function registerModelStep(step: {
  readonly Name: string;
  readonly Arguments: WithVariables<CreateModelPackageInput>;
}): Step {
  const { Name, Arguments } = step;
  return { definition: { Name, Type: 'RegisterModel', Arguments } };
}

/** Ends the execution as failed. */
export function failStep(step: { readonly Name: string; readonly ErrorMessage: string | Variable<string> }): Step {
  const { Name, ErrorMessage } = step;
  return { definition: { Name, Type: 'Fail', Arguments: { ErrorMessage } } };
}

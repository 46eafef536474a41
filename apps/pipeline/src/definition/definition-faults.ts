// What is wrong with a pipeline definition as a whole: references, names, limits. What single requests have to look like is in the
// SDK's types. SageMaker looks at these when a pipeline is created, or only when a step begins after an hour of training.
import type { ParameterDeclaration, PipelineDefinition, StepDefinition } from './pipeline-definition';
import { CONDITION_TYPES } from './pipeline-steps';
import { EXECUTION_VARIABLES } from './pipeline-variables';

/** `PipelineDefinition`, `ParameterList`, `PipelineParameterName`, `StepName`: shapes of SageMaker's service model. */
const MAX_BYTES = 1_048_576;
const MAX_PARAMETERS = 200;
const PARAMETER_NAME = /^[A-Za-z0-9\-_]{1,256}$/;
const STEP_NAME = /^[A-Za-z0-9\-_]{1,64}$/;

const JSON_TYPES = { String: 'string', Integer: 'number', Float: 'number', Boolean: 'boolean' } as const;

/** A sentence each; empty when there is none. */
export function definitionFaults(definition: PipelineDefinition): string[] {
  return [
    ...sizeFaults(definition),
    ...definition.Parameters.flatMap((parameter) => [...parameterFaults(parameter)]),
    ...repeated(allSteps(definition.Steps)).map((name) => `step ${name} is there more than once`),
    ...repeated(definition.Parameters).map((name) => `parameter ${name} is there more than once`),
    ...stepFaults(definition.Steps, new Scope(definition.Parameters)),
  ];
}

/** The steps of a definition and those within its conditions, in the order in which they are written. */
export function allSteps(steps: readonly StepDefinition[]): StepDefinition[] {
  return steps.flatMap((step) => [step, ...allSteps(branchesOf(step).flat())]);
}

/** What can be referred to at one place: the parameters, and the steps that have run by then. */
class Scope {
  constructor(
    private readonly parameters: readonly ParameterDeclaration[],
    private readonly steps: readonly StepDefinition[] = [],
  ) {}

  after(step: StepDefinition): Scope {
    return new Scope(this.parameters, [...this.steps, step]);
  }

  /** What is wrong with `Parameters.Image`, `Steps.Train.ModelArtifacts.S3ModelArtifacts`, ... */
  faultOf(reference: unknown, among: (step: StepDefinition) => readonly string[]): string | undefined {
    const [, kind, name = '', property = ''] =
      typeof reference === 'string' ? (/^(Parameters|Execution|Steps)\.([^.]+)(?:\.(.+))?$/.exec(reference) ?? []) : [];
    const text = JSON.stringify(reference);
    if (kind === 'Steps') {
      const step = this.steps.find(({ Name }) => Name === name);
      if (step === undefined) return `${text}: no step ${name} comes before`;
      return among(step).includes(property) ? undefined : `${text}: step ${name} gives no such thing`;
    }
    if (kind === 'Parameters' && property === '') {
      return this.parameters.some(({ Name }) => Name === name) ? undefined : `${text}: there is no parameter ${name}`;
    }
    const isOfExecution = kind === 'Execution' && property === '' && EXECUTION_VARIABLES.some((each) => each === name);
    return isOfExecution ? undefined : `${text} refers to nothing that there is`;
  }
}

function* sizeFaults(definition: PipelineDefinition): Generator<string> {
  const bytes = Buffer.byteLength(JSON.stringify(definition, null, 2));
  if (bytes > MAX_BYTES) yield `the definition has ${bytes} bytes, and ${MAX_BYTES} are allowed`;
  const count = definition.Parameters.length;
  if (count > MAX_PARAMETERS) yield `the definition has ${count} parameters, and ${MAX_PARAMETERS} are allowed`;
}

function* parameterFaults({ Name, Type, DefaultValue, EnumValues }: ParameterDeclaration): Generator<string> {
  if (!PARAMETER_NAME.test(Name)) yield `parameter ${Name}: ${PARAMETER_NAME.source} is not what its name looks like`;
  for (const value of [...(DefaultValue === undefined ? [] : [DefaultValue]), ...(EnumValues ?? [])]) {
    if (typeof value !== JSON_TYPES[Type] || (Type === 'Integer' && !Number.isSafeInteger(value))) {
      yield `parameter ${Name}: ${JSON.stringify(value)} is no ${Type}`;
    }
  }
  if (DefaultValue !== undefined && EnumValues?.includes(DefaultValue) === false) {
    yield `parameter ${Name}: its default is not among its values`;
  }
}

function* stepFaults(steps: readonly StepDefinition[], scope: Scope): Generator<string> {
  let before = scope;
  for (const step of steps) {
    if (!STEP_NAME.test(step.Name)) yield `step ${step.Name}: ${STEP_NAME.source} is not what its name looks like`;
    for (const { OutputName, PropertyFileName } of step.PropertyFiles ?? []) {
      if (!outputsOf(step).includes(OutputName)) {
        yield `step ${step.Name}: property file ${PropertyFileName} is in the output ${OutputName}, which is not declared`;
      }
    }
    if (step.Type === 'Condition') yield* conditionFaults(step);
    const { IfSteps: _if, ElseSteps: _else, ...own } = asObject(step.Arguments);
    for (const fault of referenceFaults(own, before)) yield `step ${step.Name}: ${fault}`;
    for (const branch of branchesOf(step)) yield* stepFaults(branch, before);
    before = before.after(step);
  }
}

function* conditionFaults(step: StepDefinition): Generator<string> {
  for (const condition of asList(asObject(step.Arguments).Conditions).map(asObject)) {
    if (!CONDITION_TYPES.some((type) => type === condition.Type)) {
      yield `step ${step.Name}: ${JSON.stringify(condition.Type)} is no condition that is used here`;
    }
  }
}

function* referenceFaults(value: unknown, scope: Scope): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* referenceFaults(item, scope);
    return;
  }
  const { Get: reference, 'Std:JsonGet': jsonGet, ...members } = asObject(value);
  const faults = [
    reference === undefined ? undefined : scope.faultOf(reference, propertiesOf),
    jsonGet === undefined ? undefined : scope.faultOf(asObject(asObject(jsonGet).PropertyFile).Get, propertyFilesOf),
  ];
  yield* faults.filter((fault) => fault !== undefined);
  for (const member of Object.values(members)) yield* referenceFaults(member, scope);
}

/** What the steps of `pipeline-steps.ts` hand out. */
function propertiesOf(step: StepDefinition): readonly string[] {
  if (step.Type === 'Training') return ['ModelArtifacts.S3ModelArtifacts'];
  return outputsOf(step).map((output) => `ProcessingOutputConfig.Outputs['${output}'].S3Output.S3Uri`);
}

function propertyFilesOf(step: StepDefinition): readonly string[] {
  return (step.PropertyFiles ?? []).map(({ PropertyFileName }) => `PropertyFiles.${PropertyFileName}`);
}

function outputsOf(step: StepDefinition): readonly string[] {
  const outputs = asList(asObject(asObject(step.Arguments).ProcessingOutputConfig).Outputs);
  return outputs.map((output) => String(asObject(output).OutputName));
}

function branchesOf(step: StepDefinition): readonly (readonly StepDefinition[])[] {
  if (step.Type !== 'Condition') return [];
  const { IfSteps, ElseSteps } = step.Arguments as Record<string, readonly StepDefinition[]>; // as `conditionStep` writes it
  return [IfSteps ?? [], ElseSteps ?? []];
}

function repeated(named: readonly { readonly Name: string }[]): string[] {
  const names = named.map(({ Name }) => Name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

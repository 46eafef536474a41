/**
 * A pipeline definition (version 2020-12-01), read from its JSON and checked as a whole, so that what is wrong is said before
 * anything runs. It knows which steps can run here, not how.
 */
import { conditionFaults } from './condition';
import { durationMs } from './duration';
import { isList, isObject, JsonObject, JsonValue, member, objectsOf, textMember } from './json';
import { ParameterDefinition, readParameterDefinitions } from './parameters';
import { BadReferenceError, findReferences, Reference } from './reference';

const VERSION = '2020-12-01';
const STEP_TYPES = ['Training', 'Processing', 'Condition', 'RegisterModel', 'Fail'] as const;
export type StepType = (typeof STEP_TYPES)[number];

export const EXECUTION_VARIABLES = [
  'PipelineExecutionId',
  'PipelineExecutionArn',
  'PipelineName',
  'PipelineArn',
  'StartDateTime',
  'CurrentDateTime',
] as const;
export type ExecutionVariable = (typeof EXECUTION_VARIABLES)[number];

/** The folder of a container that its inputs and outputs lie in. */
export const CONTAINER_FOLDER = '/opt/ml/';

/** Members without which SageMaker refuses the job, or the step has nothing to do. */
const REQUIRED: Readonly<Record<StepType, readonly string[]>> = {
  Training: [
    'AlgorithmSpecification',
    'RoleArn',
    'OutputDataConfig.S3OutputPath',
    'ResourceConfig',
    'StoppingCondition',
  ],
  Processing: ['AppSpecification.ImageUri', 'RoleArn', 'ProcessingResources'],
  Condition: ['Conditions'],
  RegisterModel: ['ModelPackageGroupName', 'InferenceSpecification'],
  Fail: ['ErrorMessage'],
};

export interface PropertyFile {
  readonly name: string;
  readonly outputName: string;
  readonly filePath: string;
}

export interface StepDefinition {
  readonly name: string;
  readonly type: StepType;
  readonly displayName?: string;
  readonly description?: string;
  /** Without the branches of a condition. */
  readonly arguments: JsonObject;
  /** Steps that have to be finished before: those it names in `DependsOn`, and those it refers to. */
  readonly needs: readonly string[];
  /** Present when an earlier result may be used; `expireAfterMs` is absent when it never grows too old. */
  readonly cache?: { readonly expireAfterMs?: number };
  readonly propertyFiles: readonly PropertyFile[];
  /** Of a condition; empty for other steps. */
  readonly ifSteps: readonly StepDefinition[];
  readonly elseSteps: readonly StepDefinition[];
}

export interface PipelineDefinition {
  readonly parameters: readonly ParameterDefinition[];
  readonly steps: readonly StepDefinition[];
}

export class PipelineDefinitionError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The pipeline definition is wrong: ${faults.join('; ')}.`);
    this.name = 'PipelineDefinitionError';
  }
}

/** Throws a `PipelineDefinitionError` with all that is wrong. */
export function readPipelineDefinition(text: string): PipelineDefinition {
  const body = parseObject(text);
  const faults: string[] = [];
  if (body['Version'] !== VERSION) faults.push(`Version must be "${VERSION}", not ${JSON.stringify(body['Version'])}`);
  const parameters = readParameterDefinitions(body['Parameters'], faults);
  const steps = readSteps(body['Steps'], faults);
  if (steps.length === 0 && faults.length === 0) faults.push('it has no steps');
  checkNames(steps, faults);
  checkReferences(steps, parameters, faults);
  if (faults.length === 0) checkCycles(steps, faults);
  if (faults.length > 0) throw new PipelineDefinitionError(faults);
  return { parameters, steps };
}

/** The steps, and those in branches, in the order of the definition. */
export function allSteps(steps: readonly StepDefinition[]): StepDefinition[] {
  return steps.flatMap((step) => [step, ...allSteps(step.ifSteps), ...allSteps(step.elseSteps)]);
}

function parseObject(text: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new PipelineDefinitionError([`it is not JSON (${(error as Error).message})`]); // JSON.parse throws SyntaxError
  }
  if (!isObject(body)) throw new PipelineDefinitionError(['it is not a JSON object']);
  return body;
}

function readSteps(value: JsonValue | undefined, faults: string[]): StepDefinition[] {
  if (value !== undefined && !isList(value)) faults.push('Steps, IfSteps and ElseSteps are lists');
  return objectsOf(value).flatMap((step) => readStep(step, faults) ?? []);
}

function readStep(step: JsonObject, faults: string[]): StepDefinition | undefined {
  const { Name: name, Type: typeName, Arguments: content } = step;
  if (typeof name !== 'string' || !/^[A-Za-z0-9\-_]{1,64}$/.test(name)) {
    faults.push(`${JSON.stringify(name)} is no name of a step`);
    return undefined;
  }
  const say = (fault: string): void => void faults.push(`step ${name}: ${fault}`);
  const type = STEP_TYPES.find((each) => each === typeName);
  if (type === undefined) {
    say(`steps of type ${JSON.stringify(typeName)} cannot run here; ${STEP_TYPES.join(', ')} can`);
    return undefined;
  }
  const { IfSteps: ifSteps, ElseSteps: elseSteps, ...rest } = isObject(content) ? content : {};
  const propertyFiles = readPropertyFiles(step, rest, say);
  const cache = readCache(step, say);
  for (const path of REQUIRED[type]) {
    if (member(rest, ...path.split('.')) === undefined) say(`${path} is missing`);
  }
  CHECKS[type]?.(rest, say);
  const displayName = textMember(step, 'DisplayName');
  const description = textMember(step, 'Description');
  return {
    name,
    type,
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    arguments: rest,
    needs: readNeeds(step, rest, say),
    ...(cache === undefined ? {} : { cache }),
    propertyFiles,
    ifSteps: type === 'Condition' ? readSteps(ifSteps, faults) : [],
    elseSteps: type === 'Condition' ? readSteps(elseSteps, faults) : [],
  };
}

type Say = (fault: string) => void;

const CHECKS: Partial<Record<StepType, (content: JsonObject, say: Say) => void>> = {
  Training(content, say) {
    checkTexts(content, 'HyperParameters', say);
    checkTexts(content, 'Environment', say);
    for (const channel of objectsOf(content['InputDataConfig'])) {
      if (!isPlainName(channel['ChannelName'])) say('a channel of InputDataConfig has no ChannelName');
      checkSource(member(channel, 'DataSource', 'S3DataSource'), `channel ${nameIn(channel, 'ChannelName')}`, say);
    }
    for (const { Name: name, Regex: expression } of objectsOf(
      member(content, 'AlgorithmSpecification', 'MetricDefinitions'),
    )) {
      if (!isRegularExpression(expression))
        say(`the Regex of the metric ${JSON.stringify(name)} is no regular expression`);
    }
  },
  Processing(content, say) {
    checkTexts(content, 'Environment', say);
    for (const input of objectsOf(content['ProcessingInputs'])) {
      checkSource(input['S3Input'], `input ${nameIn(input, 'InputName')}`, say);
      checkLocalPath(input['S3Input'], `input ${nameIn(input, 'InputName')}`, say);
    }
    for (const output of objectsOf(member(content, 'ProcessingOutputConfig', 'Outputs'))) {
      const what = `output ${nameIn(output, 'OutputName')}`;
      if (member(output, 'S3Output', 'S3Uri') === undefined) say(`${what} has no S3Uri`);
      checkLocalPath(output['S3Output'], what, say);
    }
  },
  Condition(content, say) {
    if (!isList(content['Conditions'])) say('Conditions is a list');
    else content['Conditions'].flatMap(conditionFaults).forEach(say);
  },
};

/** The service wants texts; a parameter of another type becomes one by `Std:Join`. */
function checkTexts(content: JsonObject, name: string, say: Say): void {
  const texts = content[name];
  for (const [key, value] of Object.entries(isObject(texts) ? texts : {})) {
    if (typeof value !== 'string' && !isObject(value))
      say(`${name}.${key} must be a text, not ${JSON.stringify(value)}`);
  }
}

function checkSource(source: JsonValue | undefined, what: string, say: Say): void {
  if (member(source, 'S3Uri') === undefined) say(`${what} has no S3Uri; other sources than S3 cannot be read here`);
  const type = member(source, 'S3DataType') ?? 'S3Prefix';
  if (type !== 'S3Prefix') say(`${what} is of the S3DataType ${JSON.stringify(type)}; only S3Prefix can be read here`);
}

function checkLocalPath(place: JsonValue | undefined, what: string, say: Say): void {
  const path = textMember(place, 'LocalPath') ?? '';
  if (!path.startsWith(CONTAINER_FOLDER) || path.split('/').includes('..')) {
    say(`the LocalPath of ${what} must be below ${CONTAINER_FOLDER}`);
  }
}

function nameIn(value: JsonObject, name: string): string {
  return textMember(value, name) ?? '(without a name)';
}

function isPlainName(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value);
}

function isRegularExpression(value: JsonValue | undefined): boolean {
  try {
    return typeof value === 'string' && new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}

function readPropertyFiles(step: JsonObject, content: JsonObject, say: Say): PropertyFile[] {
  const outputs = objectsOf(member(content, 'ProcessingOutputConfig', 'Outputs')).map((output) => output['OutputName']);
  return objectsOf(step['PropertyFiles']).flatMap(
    ({ PropertyFileName: name, OutputName: outputName, FilePath: filePath }) => {
      if (typeof name !== 'string' || typeof outputName !== 'string' || typeof filePath !== 'string') {
        say('a property file has a PropertyFileName, an OutputName and a FilePath');
        return [];
      }
      if (!outputs.includes(outputName))
        say(`property file ${name} is in the output ${outputName}, which is not there`);
      return [{ name, outputName, filePath }];
    },
  );
}

function readCache(step: JsonObject, say: Say): StepDefinition['cache'] {
  const { CacheConfig: config } = step;
  if (member(config, 'Enabled') !== true) return undefined;
  const expireAfter = member(config, 'ExpireAfter');
  if (expireAfter === undefined) return {};
  const expireAfterMs = typeof expireAfter === 'string' ? durationMs(expireAfter) : undefined;
  if (expireAfterMs === undefined) {
    say(`ExpireAfter must be an ISO 8601 duration such as P30D, not ${JSON.stringify(expireAfter)}`);
    return undefined;
  }
  return { expireAfterMs };
}

function readNeeds(step: JsonObject, content: JsonObject, say: Say): string[] {
  const { DependsOn: dependsOn } = step;
  const names = isList(dependsOn) ? dependsOn.map(String) : [];
  return [...new Set([...names, ...referencesIn(content, say).flatMap((each) => ('step' in each ? each.step : []))])];
}

function referencesIn(content: JsonObject, say: Say): Reference[] {
  try {
    return findReferences(content);
  } catch (error) {
    if (!(error instanceof BadReferenceError)) throw error;
    say(error.message);
    return [];
  }
}

function checkNames(steps: readonly StepDefinition[], faults: string[]): void {
  const names = allSteps(steps).map(({ name }) => name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    faults.push(`two steps have the name ${name}`);
  }
}

/** A step sees those beside it and those around it; a step in a branch may never run, so nothing outside may wait for it. */
function checkReferences(
  steps: readonly StepDefinition[],
  parameters: readonly ParameterDefinition[],
  faults: string[],
  around: ReadonlyMap<string, StepDefinition> = new Map(),
  everywhere: readonly StepDefinition[] = allSteps(steps),
): void {
  const visible = new Map([...around, ...steps.map((step) => [step.name, step] as const)]);
  for (const step of steps) {
    const say = (fault: string): void => void faults.push(`step ${step.name}: ${fault}`);
    for (const name of step.needs) {
      if (visible.has(name)) continue;
      say(
        everywhere.some((each) => each.name === name)
          ? `it waits for ${name}, which runs only when a condition says so`
          : `it waits for ${name}, which is no step`,
      );
    }
    for (const reference of referencesIn(step.arguments, () => undefined)) {
      if (reference.kind === 'parameter' && !parameters.some(({ name }) => name === reference.name)) {
        say(`the parameter ${reference.name} is not declared`);
      } else if (reference.kind === 'execution' && !EXECUTION_VARIABLES.some((name) => name === reference.name)) {
        say(`Execution.${reference.name} is not known; ${EXECUTION_VARIABLES.join(', ')} are`);
      } else if (reference.kind === 'property-file') {
        const files = visible.get(reference.step)?.propertyFiles;
        if (files?.some(({ name }) => name === reference.file) === false) {
          say(`step ${reference.step} declares no property file ${reference.file}`);
        }
      }
    }
    for (const branch of [step.ifSteps, step.elseSteps])
      checkReferences(branch, parameters, faults, visible, everywhere);
  }
}

function checkCycles(steps: readonly StepDefinition[], faults: string[]): void {
  const needs = new Map<string, readonly string[]>();
  for (const step of allSteps(steps)) {
    needs.set(step.name, [...(needs.get(step.name) ?? []), ...step.needs]);
    // A branch begins when its condition has been decided.
    for (const inner of [...step.ifSteps, ...step.elseSteps]) needs.set(inner.name, [step.name]);
  }
  const finished = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    if (finished.has(name) || faults.length > 0) return;
    if (way.includes(name)) {
      faults.push(`steps wait for each other: ${[...way.slice(way.indexOf(name)), name].join(' -> ')}`);
      return;
    }
    for (const next of needs.get(name) ?? []) visit(next, [...way, name]);
    finished.add(name);
  };
  for (const name of needs.keys()) visit(name, []);
}

// A stage: a file of parameter values, and what all templates say with them together, values handed from stack to stack included.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { resolveTemplate, textOf, type ResolvedTemplate, type ResolveInput } from './resolve-template';
import { TEMPLATE_FOLDER, type Template, type TemplateParameter } from './template';

export const STAGE_FOLDER = join(TEMPLATE_FOLDER, 'stages');

/** Parameter name -> value, as in the file. */
export type StageValues = Readonly<Record<string, string | number | boolean>>;

/** `['demo', 'production']` */
export function stageNames(folder: string = STAGE_FOLDER): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** @throws when there is no such file, or it is not a flat map. */
export function readStage(name: string, folder: string = STAGE_FOLDER): StageValues {
  const values: unknown = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
  const isFlat =
    typeof values === 'object' &&
    values !== null &&
    Object.values(values).every((value) => ['string', 'number', 'boolean'].includes(typeof value));
  if (!isFlat) throw new Error(`${name}.yaml is not a flat map of parameter names to texts, numbers or booleans`);
  return values as StageValues;
}

/** What is wrong with the values of a stage, a sentence each: names that no template has, values that a parameter does not allow. */
export function stageFaults(templates: readonly Template[], values: StageValues): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const users = templates.filter(({ parameters }) => name in parameters);
    if (users.length === 0) return [`${name} is no parameter of any template`];
    return users.flatMap(({ file, parameters }) => {
      const fault = parameterFault(parameters[name] ?? { Type: 'String' }, value);
      return fault === undefined ? [] : [`${name} of ${file} ${fault}`];
    });
  });
}

/** Why CloudFormation would refuse the value, or undefined: "is one of a, b; not c". */
export function parameterFault(parameter: TemplateParameter, value: string | number | boolean): string | undefined {
  const text = String(value);
  const { AllowedValues, AllowedPattern, MinValue, MaxValue, MinLength, MaxLength, Type } = parameter;
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(text)) {
    return `is one of ${AllowedValues.map((allowed) => `"${allowed}"`).join(', ')}; not "${text}"`;
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(text)) {
    return parameter.ConstraintDescription ?? `matches ${AllowedPattern}; "${text}" does not`;
  }
  if (Type === 'Number' && !(text.trim() !== '' && Number.isFinite(Number(text)))) return `is a number; not "${text}"`;
  if (MinValue !== undefined && Number(text) < MinValue) return `is at least ${MinValue}; not ${text}`;
  if (MaxValue !== undefined && Number(text) > MaxValue) return `is at most ${MaxValue}; not ${text}`;
  if (MinLength !== undefined && text.length < MinLength) return `has at least ${MinLength} characters`;
  if (MaxLength !== undefined && text.length > MaxLength) return `has at most ${MaxLength} characters`;
  return undefined;
}

/**
 * All templates, in order, for one stage: what a stack writes to SSM is what later ones read. Values that are unknown before there are
 * stacks stay symbols of the stack that makes them, so `${network:Vpc}` in a later template is the VPC of the network stack.
 * @param values of parameters; each template takes those that it has.
 */
export function resolveStage(
  templates: readonly Template[],
  values: StageValues,
  input: Omit<ResolveInput, 'parameters'> = {},
): ResolvedTemplate[] {
  const ssm = new Map(input.ssm);
  const { Project = 'image-classifier', Stage = 'demo' } = values;
  return templates.map((template) => {
    const defaults = Object.entries(template.parameters)
      .filter(([, { Type }]) => Type.startsWith('AWS::SSM::Parameter::Value<'))
      .map(([name, { Default }]) => [name, ssmPath(String(Default ?? ''), String(Project), String(Stage))]);
    const parameters = { ...(Object.fromEntries(defaults) as StageValues), ...values };
    const resolved = resolveTemplate(template, { ...input, ssm, parameters });
    for (const { Type, Properties } of Object.values(resolved.resources)) {
      if (Type === 'AWS::SSM::Parameter') ssm.set(textOf(Properties.Name ?? ''), textOf(Properties.Value ?? ''));
    }
    return resolved;
  });
}

/** Templates name the paths of the default project and stage; here they become those of the given ones. */
export function ssmPath(path: string, project: string, stage: string): string {
  return path.replace('/image-classifier/demo/', `/${project}/${stage}/`);
}

/** What each stack is given, and what it makes of that, as far as it can be known before AWS is asked. */
import { ResolvedTemplate, textOf } from '../../cloudformation/resolve-template';
import { resolveStage, ssmPath } from '../../cloudformation/stage';
import { Template, TemplateParameter } from '../../cloudformation/template';
import { parameterPrefix, StageName } from './areas';

/** By the names of parameters. */
export type GivenValues = Readonly<Record<string, string>>;

export interface Place {
  readonly region: string;
  readonly accountId?: string;
}

/**
 * The parameters of one stack: what is given where something is, the paths of what other stacks hand over, and nothing
 * for those that take their default.
 */
export function stackParameters(template: Template, name: StageName, given: GivenValues): Record<string, string> {
  const own: GivenValues = { ...given, Project: name.project, Stage: name.stage };
  const parameters: Record<string, string> = {};
  for (const [parameter, declared] of Object.entries(template.parameters)) {
    const value = own[parameter] ?? handedOverPath(declared, name);
    if (value !== undefined) parameters[parameter] = value;
  }
  return parameters;
}

/** Names of parameters that have neither a value nor a default. */
export function missingParameters(template: Template, parameters: GivenValues): string[] {
  return Object.entries(template.parameters)
    .filter(([name, { Default }]) => Default === undefined && parameters[name] === undefined)
    .map(([name]) => name);
}

/** Path of the SSM parameter whose value a parameter takes; undefined for the others. */
export function handedOverPath(declared: TemplateParameter | undefined, name: StageName): string | undefined {
  if (declared?.Default === undefined || !declared.Type.startsWith('AWS::SSM::Parameter::Value<')) return undefined;
  return ssmPath(String(declared.Default), name.project, name.stage);
}

/** Works out all templates; parameters without a value get one that shows what it stands for. */
export function resolveGiven(
  templates: readonly Template[],
  name: StageName,
  given: GivenValues,
  place: Place,
): ResolvedTemplate[] {
  const values: Record<string, string> = { ...given, Project: name.project, Stage: name.stage };
  for (const template of templates) {
    for (const missing of missingParameters(template, values)) values[missing] = `\${${missing}}`;
  }
  return resolveStage(templates, values, place);
}

/** What a template takes from others and neither an earlier template of these nor the account hands over. */
export function missingHandovers(
  resolved: readonly ResolvedTemplate[],
  name: StageName,
  handedOver: ReadonlyMap<string, string>,
): string[] {
  const prefix = parameterPrefix(name);
  const known = new Set([...handedOver.keys()].map((path) => `${prefix}${path}`));
  return resolved.flatMap(({ template, resources }) => {
    const missing = handedOverPaths(template, name).filter((path) => path.startsWith(prefix) && !known.has(path));
    for (const { Type, Properties } of Object.values(resources)) {
      if (Type === 'AWS::SSM::Parameter') known.add(textOf(Properties.Name ?? ''));
    }
    if (missing.length === 0) return [];
    const areas = [...new Set(missing.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))];
    return [`${template.area} needs ${areas.join(' and ')} first: there is no ${missing.join(', ')}.`];
  });
}

/** Of all parameters of a template that take what others hand over. */
export function handedOverPaths(template: Template, name: StageName): string[] {
  return Object.values(template.parameters).flatMap((declared) => handedOverPath(declared, name) ?? []);
}

/** Reads the values of a stage: a flat map from names of parameters to values, held against the parameters of all templates. */
import { isScalar, LineCounter, parseDocument, isMap } from 'yaml';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { enumerate } from '../../../apps/pipeline/src/output/figures';
import { reasonOf } from '../../../apps/pipeline/src/reason-of';
import { parameterFault, STAGE_FOLDER, stageNames } from '../../cloudformation/stage';
import { Template, TemplateParameter } from '../../cloudformation/template';

/**
 * What CloudFormation is given for the parameters that the file names. With the lines of all faults at once, which
 * CloudFormation would tell one by one, each after a while.
 * @throws {CommandError} that names them.
 */
export function readStageFile(
  stage: string,
  templates: readonly Template[],
  folder = STAGE_FOLDER,
): Readonly<Record<string, string>> {
  const file = join(folder, `${stage}.yaml`);
  const shown = `cloudformation/stages/${stage}.yaml`;
  if (!existsSync(file)) throw new CommandError(missingFile(stage, folder));
  const { values, faults } = parse(readFileSync(file, 'utf8'));
  const parameters = parametersByName(templates);
  for (const [name, { value, line }] of Object.entries(values)) {
    const declared = parameters.get(name);
    const fault = declared === undefined ? unknownName(name, parameters) : valueFault(name, value, declared);
    if (fault !== undefined) faults.push(`line ${line}: ${fault}`);
  }
  if (faults.length > 0) {
    throw new CommandError(`${shown} cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
  return Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]));
}

/** The parameters that a stage file may set. Those that the commands work out themselves are not among them. */
export function parametersByName(templates: readonly Template[]): Map<string, readonly TemplateParameter[]> {
  const found = new Map<string, TemplateParameter[]>();
  for (const template of templates) {
    for (const [name, parameter] of Object.entries(template.parameters)) {
      if (isWorkedOut(name, parameter)) continue;
      found.set(name, [...(found.get(name) ?? []), parameter]);
    }
  }
  return found;
}

/** Whether the commands give the value, whatever the stage: names, places in buckets, what is live. */
export function isWorkedOut(name: string, { Type }: TemplateParameter): boolean {
  return (
    /^(Project|Stage|(Web|Was)LiveColour|\w+CodeKey|PipelineDefinitionKey|CreateModelPackageGroup)$/.test(name) ||
    Type.startsWith('AWS::SSM::Parameter::Value<')
  );
}

function valueFault(name: string, value: string, declared: readonly TemplateParameter[]): string | undefined {
  const fault = declared.map((parameter) => parameterFault(parameter, value)).find((found) => found !== undefined);
  return fault === undefined ? undefined : `${name} ${fault}`;
}

interface Parsed {
  readonly values: Record<string, { readonly value: string; readonly line: number }>;
  readonly faults: string[];
}

function parse(text: string): Parsed {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true, schema: 'core' });
  const lineAt = (offset = 0) => counter.linePos(offset).line;
  const parsed: Parsed = { values: {}, faults: [] };
  for (const error of document.errors) {
    parsed.faults.push(
      `line ${lineAt(error.pos[0])}: ${reasonOf(error)
        .split('\n')[0]
        ?.replace(/ at line.*$/, '')}`,
    );
  }
  if (document.errors.length > 0 || document.contents === null) return parsed;
  if (!isMap(document.contents)) {
    parsed.faults.push('line 1: it is no list of "Name: value"');
    return parsed;
  }
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const line = lineAt(key.range[0]);
    if (isScalar(value) && value.value !== null) parsed.values[name] = { value: textOfScalar(value), line };
    else parsed.faults.push(`line ${line}: ${name} has one value; an empty one is written ''`);
  }
  return parsed;
}

/** As it is written: `07` and `1.50` stay what they are. */
function textOfScalar({ value, source }: { readonly value: unknown; readonly source?: string }): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

function unknownName(name: string, parameters: ReadonlyMap<string, unknown>): string {
  const alike = [...parameters.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
  return `no template has a parameter ${name}${alike === undefined ? '' : `; is ${alike} meant?`}`;
}

function missingFile(stage: string, folder: string): string {
  const stages = existsSync(folder) ? stageNames(folder) : [];
  const [first = 'demo'] = stages;
  return (
    `There is no file cloudformation/stages/${stage}.yaml with the values of this stage.\n` +
    (stages.length === 0 ? '' : `There is ${enumerate(stages)}. `) +
    `To make one: cp cloudformation/stages/${first}.yaml cloudformation/stages/${stage}.yaml, and change what is to differ.`
  );
}

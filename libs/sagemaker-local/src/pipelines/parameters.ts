/** Parameters of a pipeline: what a definition declares and what an execution is started with. */
import { isList, isObject, JsonValue, objectsOf } from './json';

export type ParameterValue = string | number | boolean;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

const TYPES = ['String', 'Integer', 'Float', 'Boolean'] as const;
export type ParameterType = (typeof TYPES)[number];

export interface ParameterDefinition {
  readonly name: string;
  readonly type: ParameterType;
  readonly defaultValue?: ParameterValue;
  readonly enumValues?: readonly ParameterValue[];
}

/** Reads `Parameters` of a definition; what is wrong is added to `faults`. */
export function readParameterDefinitions(value: JsonValue | undefined, faults: string[]): ParameterDefinition[] {
  const parameters: ParameterDefinition[] = [];
  for (const { Name: name, Type: type, DefaultValue: given, EnumValues: choices } of objectsOf(value)) {
    const known = TYPES.find((each) => each === type);
    if (typeof name !== 'string' || !/^[A-Za-z0-9\-_]{1,256}$/.test(name)) {
      faults.push(`${JSON.stringify(name)} is no name of a parameter`);
    } else if (parameters.some((each) => each.name === name)) {
      faults.push(`parameter ${name} is declared twice`);
    } else if (known === undefined) {
      faults.push(`parameter ${name} has the type ${JSON.stringify(type)}; ${TYPES.join(', ')} are possible`);
    } else {
      const declared = (each: JsonValue): ParameterValue[] => {
        if (isOfType(each, known)) return [each];
        faults.push(`parameter ${name} is declared with ${JSON.stringify(each)}, which is no ${known}`);
        return [];
      };
      const [defaultValue] = given === undefined ? [] : declared(given);
      const enumValues = isList(choices) ? choices.flatMap(declared) : undefined;
      if (defaultValue !== undefined && enumValues?.includes(defaultValue) === false) {
        faults.push(`parameter ${name} has a default that is not among its EnumValues`);
      }
      parameters.push({
        name,
        type: known,
        ...(defaultValue === undefined ? {} : { defaultValue }),
        ...(enumValues === undefined ? {} : { enumValues }),
      });
    }
  }
  return parameters;
}

/**
 * The values of an execution from `PipelineParameters`, a list of `{ Name, Value }` whose values are texts. What is wrong is
 * added to `faults`.
 */
export function readParameterValues(
  definitions: readonly ParameterDefinition[],
  given: unknown,
  faults: string[],
): ParameterValues {
  const values = new Map<string, ParameterValue>();
  for (const { Name: name, Value: text } of isList(given) ? given.filter(isObject) : []) {
    const definition = definitions.find((each) => each.name === name);
    if (definition === undefined) {
      faults.push(`the pipeline has no parameter ${JSON.stringify(name)}`);
      continue;
    }
    const value = typeof text === 'string' ? parse(text, definition.type) : undefined;
    if (value === undefined) {
      faults.push(`parameter ${definition.name} wants ${DESCRIPTIONS[definition.type]}, not ${JSON.stringify(text)}`);
    } else if (definition.enumValues?.includes(value) === false) {
      faults.push(
        `parameter ${definition.name} must be one of ${definition.enumValues.join(', ')}, not ${JSON.stringify(text)}`,
      );
    } else if (values.has(definition.name)) {
      faults.push(`parameter ${definition.name} is given twice`);
    }
    values.set(definition.name, value ?? '');
  }
  for (const { name, defaultValue } of definitions) {
    if (values.has(name)) continue;
    if (defaultValue === undefined) faults.push(`parameter ${name} has no default and was not given`);
    else values.set(name, defaultValue);
  }
  return Object.fromEntries(values);
}

const DESCRIPTIONS: Readonly<Record<ParameterType, string>> = {
  String: 'a text',
  Integer: 'a whole number',
  Float: 'a number',
  Boolean: 'true or false',
};

function parse(text: string, type: ParameterType): ParameterValue | undefined {
  const value = text.trim();
  switch (type) {
    case 'String':
      return text;
    case 'Integer':
      return /^[+-]?\d+$/.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
    case 'Float':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && Number.isFinite(Number(value))
        ? Number(value)
        : undefined;
    case 'Boolean':
      return { true: true, false: false }[value.toLowerCase()];
  }
}

function isOfType(value: JsonValue, type: ParameterType): value is ParameterValue {
  switch (type) {
    case 'String':
      return typeof value === 'string';
    case 'Integer':
      return Number.isSafeInteger(value);
    case 'Float':
      return typeof value === 'number';
    case 'Boolean':
      return typeof value === 'boolean';
  }
}

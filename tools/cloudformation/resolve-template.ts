// Works out what a template says for given parameters: conditions, intrinsics, which resources there are. What only AWS can know, such as
// the id of a VPC, becomes a symbol in the text: `${network:Vpc}` for a Ref, `${network:Vpc.CidrBlock}` for a GetAtt.
import {
  isList,
  isValues,
  TemplateError,
  type Template,
  type TemplateResource,
  type Value,
  type Values,
} from './template';

export interface ResolveInput {
  /** By name; those without one take their default. Of an SSM parameter its path, as CloudFormation takes it. */
  readonly parameters?: Readonly<Record<string, Value>>;
  /** Values of SSM parameters by path. One that is not here becomes the symbol `${/image-classifier/demo/network/vpc-id}`. */
  readonly ssm?: ReadonlyMap<string, string>;
  readonly region?: string;
  readonly accountId?: string;
  /** Gives the value of a Ref (no attribute) or GetAtt of a resource in place of its symbol. */
  readonly attributeOf?: (logicalId: string, attribute: string | undefined) => Value | undefined;
}

export interface ResolvedResource extends TemplateResource {
  readonly logicalId: string;
}

export interface ResolvedTemplate {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, Value>>;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** Those whose condition holds, by logical id. */
  readonly resources: Readonly<Record<string, ResolvedResource>>;
  readonly outputs: Readonly<Record<string, Value>>;
}

/** Stands for AWS::NoValue until the member that holds it is left out. */
const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = Value | typeof NO_VALUE;

/** One symbol and nothing else. */
const SYMBOL = /^\$\{[^}]+\}$/;
const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** @throws {TemplateError} when a parameter has no value, or an intrinsic is not understood. */
export function resolveTemplate(template: Template, input: ResolveInput = {}): ResolvedTemplate {
  return new Resolver(template, input).all();
}

class Resolver {
  readonly #parameters: Readonly<Record<string, Value>>;
  readonly #conditions = new Map<string, boolean>();

  constructor(
    private readonly template: Template,
    private readonly input: ResolveInput,
  ) {
    this.#parameters = Object.fromEntries(
      Object.keys(template.parameters).map((name) => [name, this.#parameterValue(name)]),
    );
  }

  all(): ResolvedTemplate {
    const { conditions, resources, outputs } = this.template;
    const holds = ({ Condition }: { readonly Condition?: string }) =>
      Condition === undefined || this.#condition(Condition);
    const present = Object.entries(resources).filter(([, resource]) => holds(resource));
    return {
      template: this.template,
      parameters: this.#parameters,
      conditions: Object.fromEntries(Object.keys(conditions).map((name) => [name, this.#condition(name)])),
      resources: Object.fromEntries(
        present.map(([logicalId, resource]) => [
          logicalId,
          { ...resource, logicalId, Properties: this.#value(resource.Properties) as Values },
        ]),
      ),
      outputs: Object.fromEntries(
        Object.entries(outputs)
          .filter(([, output]) => holds(output))
          .map(([name, output]) => [name, this.#value(output.Value) as Value]),
      ),
    };
  }

  #parameterValue(name: string): Value {
    const { Type = 'String', Default } = this.template.parameters[name] ?? {};
    const given = this.input.parameters?.[name] ?? Default;
    if (given === undefined) this.#fail(['Parameters', name], `parameter ${name} has no value and no default`);
    const ssmType = SSM_VALUE.exec(Type)?.[1];
    const text = ssmType === undefined ? textOf(given) : (this.input.ssm?.get(textOf(given)) ?? `\${${textOf(given)}}`);
    const type = ssmType ?? Type;
    if (type.startsWith('List<') || type === 'CommaDelimitedList') {
      return isList(given) ? given : text.split(',').map((item) => item.trim());
    }
    return type === 'Number' ? Number(text) : text;
  }

  #condition(name: string): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const definition = this.template.conditions[name];
    if (definition === undefined) this.#fail(['Conditions'], `there is no condition ${name}`);
    const holds = this.#truth(definition, name);
    this.#conditions.set(name, holds);
    return holds;
  }

  #truth(value: Value, name: string): boolean {
    const [key, argument] = onlyEntry(value);
    const list = isList(argument) ? argument : [];
    if (key === 'Condition') return this.#condition(textOf(argument));
    if (key === 'Fn::Not') return !this.#truth(list[0] ?? null, name);
    if (key === 'Fn::And') return list.every((item) => this.#truth(item, name));
    if (key === 'Fn::Or') return list.some((item) => this.#truth(item, name));
    if (key === 'Fn::Equals') {
      const [left, right] = list.map((item) => JSON.stringify(looselyTyped(this.#value(item) as Value)));
      return left === right;
    }
    return this.#fail(['Conditions', name], `condition ${name} is neither Equals, And, Or, Not nor Condition`);
  }

  #value(value: Value): Resolved {
    if (isList(value)) return value.map((item) => this.#value(item)).filter((item): item is Value => item !== NO_VALUE);
    if (!isValues(value)) return value;
    const [key, argument] = onlyEntry(value);
    if (key === 'Ref' && typeof argument === 'string') return this.#reference(argument);
    if (key?.startsWith('Fn::') === true) return this.#intrinsic(key, argument);
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, member]) => [name, this.#value(member)] as const)
        .filter(([, member]) => member !== NO_VALUE),
    ) as Values;
  }

  #intrinsic(key: string, argument: Value): Resolved {
    const list = isList(argument) ? argument : [];
    const item = (index: number) => this.#value(list[index] ?? null) as Value;
    switch (key) {
      case 'Fn::If':
        return this.#value((this.#condition(textOf(list[0] ?? '')) ? list[1] : list[2]) ?? null);
      case 'Fn::GetAtt':
        return this.#attribute(textOf(list[0] ?? ''), textOf(item(1)));
      case 'Fn::Sub':
        return this.#substituted(argument);
      case 'Fn::Join':
        return listOf(item(1))
          .map(textOf)
          .join(textOf(item(0)));
      case 'Fn::Split':
        return SYMBOL.test(textOf(item(1))) ? [item(1)] : textOf(item(1)).split(textOf(item(0)));
      case 'Fn::Select':
        return this.#partOfSymbol(list) ?? this.#selected(Number(item(0)), listOf(item(1)));
      case 'Fn::FindInMap':
        return this.#mapped(list.map((part) => textOf(this.#value(part) as Value)));
      case 'Fn::GetAZs':
        return ['a', 'b', 'c', 'd'].map((zone) => `${this.#region}${zone}`);
      case 'Fn::Base64':
        return Buffer.from(textOf(this.#value(argument) as Value)).toString('base64');
      default:
        return this.#fail([], `${key} is not understood here`);
    }
  }

  /** `!Select [1, !Split [/, !Ref Balancer]]`, where only AWS knows the whole: `${platform:Balancer[/1]}`. */
  #partOfSymbol([index = 0, from = null]: readonly Value[]): Value | undefined {
    const [key, argument] = onlyEntry(from);
    if (key !== 'Fn::Split' || !isList(argument)) return undefined;
    const [separator = '', whole = ''] = argument.map((part) => textOf(this.#value(part) as Value));
    return SYMBOL.test(whole) ? `${whole.slice(0, -1)}[${separator}${textOf(index)}]}` : undefined;
  }

  #selected(index: number, list: readonly Value[]): Value {
    const found = list[index];
    if (found !== undefined) return found;
    const only = list[0]; // a list that is known as a whole only: '${/image-classifier/demo/network/subnets}'
    if (list.length === 1 && typeof only === 'string' && only.startsWith('${/'))
      return `${only.slice(0, -1)}[${index}]}`;
    return this.#fail([], `Fn::Select: there is no item ${index} in ${JSON.stringify(list)}`);
  }

  #mapped([map = '', first = '', second = '']: readonly string[]): Value {
    const level = this.template.mappings[map]?.[first];
    const found = isValues(level) ? level[second] : undefined;
    return found ?? this.#fail(['Mappings', map, first], `there is nothing at ${map}.${first}.${second}`);
  }

  /** `${!Literal}` stays as `${Literal}`, as CloudFormation leaves it. */
  #substituted(argument: Value): string {
    const [text, own] = isList(argument) ? argument : [argument];
    const variables = isValues(own) ? own : {};
    return textOf(text ?? '').replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      const variable = variables[name];
      if (variable !== undefined) return textOf(this.#value(variable) as Value);
      const dot = name.indexOf('.');
      return textOf(
        (dot === -1 ? this.#reference(name) : this.#attribute(name.slice(0, dot), name.slice(dot + 1))) as Value,
      );
    });
  }

  #reference(name: string): Resolved {
    if (name === 'AWS::NoValue') return NO_VALUE;
    const known = this.#parameters[name] ?? this.#pseudoParameter(name);
    if (known !== undefined) return known;
    if (!(name in this.template.resources)) this.#fail([], `there is neither a parameter nor a resource ${name}`);
    return this.input.attributeOf?.(name, undefined) ?? `\${${this.template.area}:${name}}`;
  }

  #attribute(logicalId: string, attribute: string): Value {
    if (!(logicalId in this.template.resources)) this.#fail([], `there is no resource ${logicalId}`);
    return this.input.attributeOf?.(logicalId, attribute) ?? `\${${this.template.area}:${logicalId}.${attribute}}`;
  }

  get #region(): string {
    return this.input.region ?? 'us-east-1';
  }

  #pseudoParameter(name: string): Value | undefined {
    const accountId = this.input.accountId ?? '123456789012';
    const { Project = '', Stage = '' } = this.#parameters;
    const stack = `${textOf(Project)}-${textOf(Stage)}-${this.template.area}`;
    const values: Readonly<Record<string, Value>> = {
      'AWS::AccountId': accountId,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': this.#region,
      'AWS::StackId': `arn:aws:cloudformation:${this.#region}:${accountId}:stack/${stack}/00000000`,
      'AWS::StackName': stack,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return values[name];
  }

  #fail(path: (string | number)[], fault: string): never {
    throw new TemplateError(this.template.file, this.template.lineOf(path), fault);
  }
}

function onlyEntry(value: Value): [string | undefined, Value] {
  const entries = isValues(value) ? Object.entries(value) : [];
  return entries.length === 1 && entries[0] !== undefined ? entries[0] : [undefined, null];
}

function listOf(value: Value): readonly Value[] {
  return isList(value) ? value : [value];
}

/** CloudFormation compares texts: `true` equals `'true'`, and 3 equals `'3'`. */
function looselyTyped(value: Value): Value {
  if (isList(value)) return value.map(looselyTyped);
  return isValues(value) ? value : textOf(value);
}

/** A scalar as CloudFormation writes it into a text; a list as a parameter takes it. */
export function textOf(value: Value): string {
  if (isList(value)) return value.map(textOf).join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

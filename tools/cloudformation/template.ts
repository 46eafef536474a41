// Reads a CloudFormation template (YAML with short-form intrinsics) into a typed, read-only object that remembers the lines it came from.
// Short forms become long forms (`!Ref A` -> `{ Ref: 'A' }`); nothing is evaluated here: see resolve-template.ts.
import { PRODUCT_ROOT } from '@app/platform';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type ScalarTag } from 'yaml';

/** What YAML holds; intrinsics are objects with one key: `{ Ref: ... }`, `{ 'Fn::Sub': ... }`, `{ Condition: ... }`. */
export type Value = string | number | boolean | null | readonly Value[] | Values;
export interface Values {
  readonly [key: string]: Value;
}

/** Where something is: `['Resources', 'Vpc', 'Properties', 'Tags', 0]`. */
export type TemplatePath = readonly (string | number)[];

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number | boolean;
  readonly Description?: string;
  readonly AllowedValues?: readonly (string | number | boolean)[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly NoEcho?: boolean;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Values;
  readonly DependsOn: readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Values;
}

export interface TemplateOutput {
  readonly Value: Value;
  readonly Description?: string;
  readonly Condition?: string;
}

export interface Template {
  /** `30-platform.yaml` */
  readonly file: string;
  /** `platform`: the part of the stack's name after the stage, and of the SSM parameters that it writes. */
  readonly area: string;
  readonly text: string;
  readonly description: string;
  readonly metadata: Values;
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  readonly mappings: Readonly<Record<string, Values>>;
  readonly conditions: Values;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
  /** The line, from 1, where the value at a path begins; that of its nearest parent where there is no such value. */
  readonly lineOf: (path: TemplatePath) => number;
}

/** The template is not one: its place and what to do are in the message. */
export class TemplateError extends Error {
  constructor(
    readonly file: string,
    readonly line: number,
    fault: string,
  ) {
    super(`${file}:${line}: ${fault}`);
    this.name = 'TemplateError';
  }
}

export const TEMPLATE_FOLDER = join(PRODUCT_ROOT, 'cloudformation');
const TEMPLATE_FILE = /^\d\d-([a-z]+)\.yaml$/;

/** Of a tag its key in the long form. CloudFormation user guide, "Intrinsic function reference". */
const LONG_FORMS: Readonly<Record<string, string>> = {
  '!Ref': 'Ref',
  '!Condition': 'Condition',
  ...Object.fromEntries(
    [
      ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length'],
      ...['Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
    ].map((name) => [`!${name}`, `Fn::${name}`]),
  ),
};

/** Makes the parser accept the tags; the nodes keep them, and {@link Reader} turns them into long forms. */
const customTags = Object.keys(LONG_FORMS).flatMap((tag) => [
  { tag, resolve: (text: string) => text } satisfies ScalarTag,
  { tag, collection: 'seq' as const, resolve: <T>(node: T) => node },
  { tag, collection: 'map' as const, resolve: <T>(node: T) => node },
]);

/** All templates of a folder in the order of their numbers, which is the order in which their stacks are made. */
export function loadTemplates(folder: string = TEMPLATE_FOLDER): Template[] {
  return readdirSync(folder)
    .filter((file) => TEMPLATE_FILE.test(file))
    .sort()
    .map((file) => readTemplate(join(folder, file)));
}

/** @throws {TemplateError} when it is not YAML, has an unknown tag, or a resource without a type. */
export function readTemplate(path: string): Template {
  return parseTemplate(readFileSync(path, 'utf8'), basename(path));
}

/** @param file name for messages; its area is taken from it. @throws {TemplateError} as {@link readTemplate} does. */
export function parseTemplate(text: string, file: string): Template {
  const reader = new Reader(text, file);
  const root = section(reader.root);
  return {
    file,
    area: TEMPLATE_FILE.exec(file)?.[1] ?? file.replace(/\.yaml$/, ''),
    text,
    description: typeof root.Description === 'string' ? root.Description : '',
    metadata: section(root.Metadata),
    parameters: section(root.Parameters) as unknown as Template['parameters'], // cfn-lint has the shape of parameters
    mappings: section(root.Mappings) as Template['mappings'],
    conditions: section(root.Conditions),
    resources: Object.fromEntries(
      Object.entries(section(root.Resources)).map(([id, resource]) => [
        id,
        resourceOf(resource, file, reader.lineOf(['Resources', id])),
      ]),
    ),
    outputs: section(root.Outputs) as unknown as Template['outputs'],
    lineOf: (path) => reader.lineOf(path),
  };
}

function section(value: Value | undefined): Values {
  return isValues(value) ? value : {};
}

function resourceOf(value: Value, file: string, line: number): TemplateResource {
  if (!isValues(value) || typeof value.Type !== 'string') throw new TemplateError(file, line, 'a resource has a Type');
  const { DependsOn = [], Properties = {}, ...rest } = value;
  return {
    ...rest,
    Type: value.Type,
    Properties: section(Properties),
    DependsOn: (typeof DependsOn === 'string' ? [DependsOn] : DependsOn) as readonly string[],
  };
}

export function isValues(value: Value | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Turns nodes into values and notes the line of each. */
class Reader {
  readonly root: Value;
  readonly #lines = new Map<string, number>();
  readonly #counter = new LineCounter();

  constructor(
    text: string,
    readonly file: string,
  ) {
    const document = parseDocument(text, { lineCounter: this.#counter, customTags, uniqueKeys: true });
    const fault = document.errors[0] ?? document.warnings[0]; // a warning is an unknown tag
    if (fault !== undefined) {
      throw new TemplateError(file, this.#counter.linePos(fault.pos[0]).line, fault.message.split('\n')[0] ?? '');
    }
    this.root = this.#read(document.contents, []);
  }

  lineOf(path: TemplatePath): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.#lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  }

  #read(node: Node | null, path: TemplatePath): Value {
    if (node === null) return null;
    const line = this.#counter.linePos(node.range?.[0] ?? 0).line;
    const key = JSON.stringify(path);
    if (!this.#lines.has(key)) this.#lines.set(key, line);
    const longForm = LONG_FORMS[node.tag ?? ''];
    if (longForm === undefined) return this.#readPlain(node, path, line);
    const value = this.#readPlain(node, [...path, longForm], line);
    return { [longForm]: longForm === 'Fn::GetAtt' && typeof value === 'string' ? attributePath(value) : value };
  }

  #readPlain(node: Node, path: TemplatePath, line: number): Value {
    if (isSeq<Node>(node)) return node.items.map((item, index) => this.#read(item, [...path, index]));
    if (isMap<Node, Node | null>(node)) {
      const pairs = node.items.map(({ key, value }): [string, Value] => {
        const name = isScalar(key) ? String(key.value) : '';
        // A map begins on the line of its key, not of its first member.
        const keyLine = this.#counter.linePos(key.range?.[0] ?? 0).line;
        this.#lines.set(JSON.stringify([...path, name]), keyLine);
        return [name, this.#read(value, [...path, name])];
      });
      return Object.fromEntries(pairs);
    }
    if (isAlias(node)) throw new TemplateError(this.file, line, 'CloudFormation knows no YAML aliases: write it out');
    return isScalar(node) ? (node.value as Value) : null;
  }
}

/** `Database.Endpoint.Port` -> `['Database', 'Endpoint.Port']` */
function attributePath(text: string): Value {
  const dot = text.indexOf('.');
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

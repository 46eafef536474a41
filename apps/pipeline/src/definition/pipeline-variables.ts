// Values of a pipeline definition that are known only when the pipeline runs: references to parameters, to the execution and to
// what steps give, and the two functions on them. Knows the language of definitions, and no pipeline.

declare const valueType: unique symbol;

/** Stands for a value of type `T`. Only the functions of this folder make one, from something that was declared. */
export interface Variable<out T> {
  readonly [valueType]: T;
}

type Expression =
  | { readonly Get: string }
  | { readonly 'Std:Join': { readonly On: string; readonly Values: readonly unknown[] } }
  | { readonly 'Std:JsonGet': { readonly PropertyFile: { readonly Get: string }; readonly Path: string } };

export function variable<T>(expression: Expression): Variable<T> {
  return expression as unknown as Variable<T>; // what it stands for is known to the compiler alone
}

type Primitive = string | number | boolean;

/** A request of the SDK in which any text, number or boolean may be a variable of the same type, and what is required is there. */
export type WithVariables<T> = [T] extends [Primitive]
  ? T | Variable<T>
  : T extends readonly (infer Item)[]
    ? readonly WithVariables<NonNullable<Item>>[]
    : { readonly [Member in keyof T]: WithVariables<NonNullable<T[Member]>> };

/** Numbers are written as they are in JSON. */
export function join(on: string, values: readonly (Primitive | Variable<Primitive>)[]): Variable<string> {
  return variable({ 'Std:Join': { On: on, Values: values } });
}

/** The file of a processing output that the pipeline itself reads; `Content` is what it holds. */
export interface PropertyFile<Content> {
  /** The number or text at a path such as `parity.agreement`. */
  get<Path extends PathIn<Content>>(path: Path): Variable<ValueAt<Content, Path>>;
}

/** Paths through objects with known members to a number or text: `A.b` for `{ A: { b: 1 } }`. Neither lists nor optional members. */
export type PathIn<T> = {
  [Member in keyof T & string]: undefined extends T[Member]
    ? never
    : string extends keyof T
      ? never
      : T[Member] extends Primitive
        ? Member
        : T[Member] extends readonly unknown[]
          ? never
          : `${Member}.${PathIn<T[Member]>}`;
}[keyof T & string];

export type ValueAt<T, Path extends string> = Path extends keyof T
  ? T[Path]
  : Path extends `${infer Member}.${infer Rest}`
    ? Member extends keyof T
      ? ValueAt<T[Member], Rest>
      : never
    : never;

export const EXECUTION_VARIABLES = ['PipelineName', 'PipelineExecutionId', 'PipelineExecutionArn'] as const;

/** Of the execution that runs. */
export const execution = {
  name: variable<string>({ Get: 'Execution.PipelineName' }),
  id: variable<string>({ Get: 'Execution.PipelineExecutionId' }),
  arn: variable<string>({ Get: 'Execution.PipelineExecutionArn' }),
} as const;

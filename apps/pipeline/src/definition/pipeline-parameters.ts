// Parameters of a pipeline: what can be set for each execution, and the variables that stand for their values.
import { Variable, variable } from './pipeline-variables';

interface ValueTypes {
  readonly String: string;
  readonly Integer: number;
  readonly Float: number;
  readonly Boolean: boolean;
}

export type ParameterType = keyof ValueTypes;

export interface Parameter<T = string | number | boolean> {
  readonly type: ParameterType;
  /** One sentence. */
  readonly meaning: string;
  /** Absent where each execution has to give a value. */
  readonly default?: T;
  /** The only values that are allowed. */
  readonly values?: readonly T[];
}

type Declaration<T> = Omit<Parameter<T>, 'type'>;

/** A text; with a type argument one of those values, `text<TrainingInstanceType>(...)`. */
export const text = <T extends string>(declaration: Declaration<T>): Parameter<T> => ({
  type: 'String',
  ...declaration,
});
export const integer = (declaration: Declaration<number>): Parameter<number> => ({ type: 'Integer', ...declaration });
export const float = (declaration: Declaration<number>): Parameter<number> => ({ type: 'Float', ...declaration });
export const boolean = (declaration: Declaration<boolean>): Parameter<boolean> => ({ type: 'Boolean', ...declaration });

/** By name. */
export type Parameters = Readonly<Record<string, Parameter>>;

export type VariablesOf<Declared extends Parameters> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Parameter<infer T> ? Variable<T> : never;
};

/** A variable for each parameter, under its name. */
export function variablesOf<Declared extends Parameters>(parameters: Declared): VariablesOf<Declared> {
  const entries = Object.keys(parameters).map((name) => [name, variable({ Get: `Parameters.${name}` })]);
  return Object.fromEntries(entries) as VariablesOf<Declared>; // a name each, of the type that was declared
}

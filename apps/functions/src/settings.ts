/** How a function reads its environment: every variable has a meaning and a rule, and all faults are told at once. */

/** What a value should be, in words, when it is not. */
export type Rule = (text: string) => string | undefined;

export interface Variable {
  /** Undefined for one that must be set. */
  readonly preset: string | undefined;
  readonly meaning: string;
  readonly rule: Rule;
}

export const like =
  (pattern: RegExp, words: string): Rule =>
  (text) =>
    pattern.test(text) ? undefined : words;

export const oneOf =
  (...choices: readonly string[]): Rule =>
  (text) =>
    choices.includes(text) ? undefined : choices.join(' or ');

export const whole =
  (least: number, most: number, step = 1): Rule =>
  (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most && number % step === 0) return undefined;
    return `a whole number from ${least} to ${most}${step === 1 ? '' : ` in steps of ${step}`}`;
  };

export const share: Rule = (text) =>
  /^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? undefined : 'a share from 0 to 1, such as 0.8';

/** Of a group, a pipeline or an endpoint of SageMaker. */
export const name = like(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'a name of at most 63 letters, digits and hyphens');
export const bucket = like(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket');
export const roleArn = like(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'the ARN of a role');
export const instanceType = like(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'an instance type, such as ml.m5.large');

export class SettingsReader<Name extends string> {
  /** A sentence each, without a full stop. */
  readonly faults: string[] = [];

  constructor(
    private readonly variables: Readonly<Record<Name, Variable>>,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** An empty variable counts as one that is not set. What is wrong is among the faults, and empty or wrong here. */
  value(variable: Name): string {
    const { preset, rule } = this.variables[variable];
    const text = this.environment[variable]?.trim() || preset;
    const wanted = text === undefined ? undefined : rule(text);
    if (text === undefined) this.faults.push(`${variable} is not set`);
    else if (wanted !== undefined) this.faults.push(`${variable} should be ${wanted}, not "${text}"`);
    return text ?? '';
  }

  number(variable: Name): number {
    return Number(this.value(variable));
  }

  /** Throws one `RangeError` that names all that is wrong. */
  requireNoFault(): void {
    if (this.faults.length > 0) throw new RangeError(`The function is not set up: ${this.faults.join('; ')}.`);
  }
}

/** A parameter and the rule that it breaks, with the values of the rule. */
export interface ParameterFault {
  readonly parameter: string;
  readonly rule: ParameterRule;
  readonly least?: number;
  readonly most?: number;
  readonly allowed?: readonly string[];
}

/** The rules in English, as the rest of a sentence that begins with the parameter. */
const PARAMETER_RULES = {
  boolean: () => 'must be true or false',
  text: () => 'must be a text',
  'not-empty': () => 'must not be empty',
  'whole-number': () => 'must be a whole number',
  'at-least': ({ least }: RuleValues) => `must be at least ${least}`,
  'at-most': ({ most }: RuleValues) => `must be at most ${most}`,
  'whole-number-between': ({ least, most }: RuleValues) => `must be a whole number from ${least} to ${most}`,
  'most-characters': ({ most }: RuleValues) => `must have at most ${most} characters`,
  'one-of': ({ allowed = [] }: RuleValues) => `must be one of ${allowed.join(', ')}`,
  'known-label': () => 'must be the id of a label of the model, or other',
  'only-when-wrong': () => 'has no place in feedback that the answer was right',
  valid: () => 'is not valid',
} as const;

export type ParameterRule = keyof typeof PARAMETER_RULES;

export type RuleValues = Omit<ParameterFault, 'parameter' | 'rule'>;

/** What is wrong with the parameter, in English. A rule of another version of the product is only said to be broken. */
export function parameterFaultInEnglish({ rule, ...values }: ParameterFault): string {
  return PARAMETER_RULES[Object.hasOwn(PARAMETER_RULES, rule) ? rule : 'valid'](values);
}

/** Options for the decorators of class-validator, which keep the rule beside its English sentence. */
export function rule(rule: ParameterRule, values: RuleValues = {}): { message: string; context: RuleContext } {
  const context = { rule, ...values };
  return { message: parameterFaultInEnglish({ parameter: '', ...context }), context };
}

export type RuleContext = Omit<ParameterFault, 'parameter'>;

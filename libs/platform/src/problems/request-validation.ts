import { ParameterFault, ProblemError, RuleContext } from '@app/contracts';
import { Provider, ValidationError, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';

const pipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  exceptionFactory: (errors) =>
    new ProblemError('invalid-parameter', {
      errors: errors.map(faultOf),
    }),
});

/** The rule that the decorator carries, see `rule`. */
function faultOf({ property, constraints = {}, contexts = {} }: ValidationError): ParameterFault {
  const [constraint = ''] = Object.keys(constraints);
  const broken = contexts[constraint] as RuleContext | undefined; // class-validator keeps it as it is
  return { parameter: property, ...(broken ?? { rule: 'valid' }) };
}

/** Validates requests by the decorators of their classes; every fault is named in one `invalid-parameter` problem. */
export const requestValidation: Provider = {
  provide: APP_PIPE,
  useValue: pipe,
};

/** The same for what a controller reads itself. Throws `invalid-parameter`. */
export async function validated<T extends object>(type: new () => T, fields: object): Promise<T> {
  return (await pipe.transform(fields, { type: 'body', metatype: type })) as T; // what `transform: true` makes of it
}

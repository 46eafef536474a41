import { ProblemError } from '@app/contracts';
import { Provider, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';

const pipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  exceptionFactory: (errors) =>
    new ProblemError('invalid-parameter', {
      errors: errors.map(({ property, constraints }) => ({
        parameter: property,
        message: Object.values(constraints ?? {})[0] ?? 'is not valid',
      })),
    }),
});

/** Validates requests by the decorators of their classes; every fault is named in one `invalid-parameter` problem. */
export const requestValidation: Provider = {
  provide: APP_PIPE,
  useValue: pipe,
};

/** The same for what a controller reads itself. Throws `invalid-parameter`. */
export async function validated<T extends object>(type: new () => T, fields: object): Promise<T> {
  return (await pipe.transform(fields, { type: 'body', metatype: type })) as T; // what `transform: true` makes of it
}

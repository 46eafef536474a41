import { ProblemError } from '@app/contracts';
import { Provider, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';

/** Validates requests by the decorators of their classes; every fault is named in one `invalid-parameter` problem. */
export const requestValidation: Provider = {
  provide: APP_PIPE,
  useFactory: () =>
    new ValidationPipe({
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
    }),
};

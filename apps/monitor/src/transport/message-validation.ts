import { ValidationPipe, ValidationError } from '@nestjs/common';
import { RefusalError } from './refusal';

/** Checks a message by the decorators of its class; the first fault is the reason for refusing it. */
export const messageValidation = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidUnknownValues: true, // or an array of messages would pass unseen
  stopAtFirstError: true,
  exceptionFactory: (errors) => new RefusalError(firstFault(errors)),
});

function firstFault(errors: readonly ValidationError[], place = ''): string {
  const [error] = errors;
  if (error === undefined) return 'it is not valid';
  const [fault] = Object.values(error.constraints ?? {});
  if (fault !== undefined) return `${place}${fault}`;
  return firstFault(error.children ?? [], `${place}${error.property}.`);
}

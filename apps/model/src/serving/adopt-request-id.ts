import { Header } from '@app/contracts';
import { parseInvocationAttributes } from '@app/contracts/sagemaker';
import { headerOf } from '@app/platform';
import { NextFunction, Request, Response } from 'express';

/**
 * SageMaker lets neither `X-Request-Id` nor `traceparent` through: they arrive inside the custom attributes. Put where every
 * tier has them, before the request is logged.
 */
export function adoptRequestId(request: Request, _response: Response, next: NextFunction): void {
  const { requestId, traceparent } = parseInvocationAttributes(headerOf(request, Header.customAttributes));
  if (requestId !== undefined) request.headers[Header.requestId] = requestId;
  if (traceparent !== undefined) request.headers[Header.traceparent] = traceparent;
  next();
}

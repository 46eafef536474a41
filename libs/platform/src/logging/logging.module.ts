import { DynamicModule } from '@nestjs/common';
import { IncomingMessage, ServerResponse } from 'node:http';
import { LoggerModule } from 'nestjs-pino';
import { destination } from 'pino';
import { isProbe, pathOf } from '../http/probe';
import { openRequestContext, requestContextOf } from '../http/request-context';

/**
 * JSON lines with request id and trace id, and one line for each request but probes. Of a request only method, path and
 * status are logged: never its headers, its query or its body. Lines are written in the background, at the latest at exit.
 */
export function loggingModule(service: string, level: string): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: [
      {
        level,
        base: { service },
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
        genReqId: (request, response) => openRequestContext(request, response).requestId,
        quietReqLogger: true,
        quietResLogger: true,
        customAttributeKeys: { reqId: 'requestId', responseTime: 'durationMs' },
        customProps: (request) => ({ traceId: requestContextOf(request).trace.traceId }),
        autoLogging: { ignore: (request) => isProbe(pathOf(request)) },
        customLogLevel: (_request, response) => (response.statusCode === 500 ? 'error' : 'info'),
        customSuccessMessage: describeReply,
        customErrorMessage: describeReply,
        customSuccessObject: (_request, response, value: object) => ({
          ...withoutHttpObjects(value),
          status: response.statusCode,
        }),
        customErrorObject: (_request, response, _error, value: object) => ({
          ...withoutHttpObjects(value),
          status: response.statusCode,
        }),
      },
      destination({ sync: false }),
    ],
  });
}

function describeReply(request: IncomingMessage, response: ServerResponse): string {
  const outcome = response.writableFinished ? String(response.statusCode) : 'client left';
  return `${request.method ?? ''} ${pathOf(request)} ${outcome}`;
}

/** pino-http hands its own lines the whole request, reply and error; the path and status in the message say enough. */
function withoutHttpObjects(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !['req', 'res', 'err'].includes(name)));
}

/** What of a pino logger is used here. */
export interface EndpointLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLog: EndpointLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

// Reads what the tiers log: JSON lines with level, request id and trace id.
import { RunningSystem, SystemLogLine } from './system';

export interface LogRecord {
  readonly service: string;
  readonly level: string;
  readonly msg: string;
  readonly requestId?: string;
  readonly traceId?: string;
}

export function logRecords({ log }: { readonly log: readonly Pick<SystemLogLine, 'text'>[] }): LogRecord[] {
  return log.flatMap(({ text }) => {
    try {
      return [JSON.parse(text) as LogRecord];
    } catch {
      return []; // Node's own words
    }
  });
}

/** Lines by which somebody is called to act, and what Node writes when something went wrong that nobody caught. */
export function alarms({ log }: Pick<RunningSystem, 'log'>): string[] {
  return log
    .map(({ text }) => text)
    .filter((text) =>
      text.startsWith('{')
        ? !/"level":"(trace|debug|info|warn)"/.test(text)
        : /error|exception|leak|unhandled/i.test(text),
    );
}

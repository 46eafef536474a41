/**
 * The Lambda function that stands in the VPC and asks tasks. It has no permission and no settings: all that it is to do is in
 * the event, all that it finds in its answer.
 */
import type { Context } from 'aws-lambda';
import { FunctionLog, WriteLine, writeToStdout } from '../function-log';
import { ProbeReport, readProbeRequest, TargetReport } from '../probe-report';
import { probeTarget } from './probe-target';

/** Tasks that are asked at the same time: a busy endpoint would look like a slow one. */
const AT_THE_SAME_TIME = 4;

export function createHandler(write: WriteLine) {
  return async (event: unknown, { awsRequestId: requestId }: Pick<Context, 'awsRequestId'>): Promise<ProbeReport> => {
    const log = new FunctionLog(write, { requestId });
    const { targets, timeoutMs, ...expected } = readProbeRequest(event);
    const probe = { ...expected, signal: AbortSignal.timeout(timeoutMs) };
    const reports: TargetReport[] = [];
    for (let at = 0; at < targets.length; at += AT_THE_SAME_TIME) {
      const next = targets.slice(at, at + AT_THE_SAME_TIME);
      reports.push(...(await Promise.all(next.map((target) => probeTarget(target, probe)))));
    }
    for (const { target, faults, ...found } of reports) {
      log.log(faults.length === 0 ? 'info' : 'warn', `${target} was asked`, { target, faults, ...found });
    }
    return { targets: reports };
  };
}

export const handler = createHandler(writeToStdout);

import { isProblem } from '@app/contracts';
import { MonitoringResponse, MonitorWindow } from '@app/contracts/monitoring';
import { Deadline, requestContextOf } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request } from 'express';
import { WasClient } from '../classification/was-client.port';
import { describeMonitoring } from './describe-monitoring';

/** Nobody waits longer than this for what monitor knows: it is the least that a status is asked for. */
const TIMEOUT_MS = 1500;

/** One question to monitor serves everybody who asks within this time. */
const FRESH_MS = 1000;

/** What the model saw lately, as far as something watches it. A monitor that is gone is a state and never a problem. */
@Injectable()
export class MonitoringService {
  private readonly latest = new Map<
    MonitorWindow,
    { readonly answer: Promise<MonitoringResponse>; readonly askedAt: number }
  >();

  constructor(private readonly was: WasClient) {}

  async monitoring(window: MonitorWindow, request: Request): Promise<MonitoringResponse> {
    const latest = this.latest.get(window);
    if (latest !== undefined && performance.now() - latest.askedAt <= FRESH_MS) return await latest.answer;
    const answer = this.ask(window, request);
    this.latest.set(window, { answer, askedAt: performance.now() });
    return await answer;
  }

  private async ask(window: MonitorWindow, request: Request): Promise<MonitoringResponse> {
    const { requestId, trace } = requestContextOf(request);
    const context = { requestId, trace, deadline: new Deadline(TIMEOUT_MS) };
    try {
      const [summary, drift] = await Promise.all([
        this.was.monitorSummary(window, context),
        this.was.monitorDrift(window, context),
      ]);
      return { state: 'on', window, figures: describeMonitoring(summary, drift) };
    } catch (error) {
      if (!isProblem(error)) throw error;
      return { state: error.status === 404 ? 'off' : 'unavailable', window };
    }
  }
}

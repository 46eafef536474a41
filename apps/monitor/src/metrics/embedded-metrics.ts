import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DriftWatch } from '../watch/drift-watch';
import { MonitorConfig } from '../monitor.config';
import { Observations } from '../observation/observations';
import { StateKeeper } from '../state/state-keeper';
import { summarise } from '../query/summarise';
import { DRIFT_STATE_VALUES } from './monitor-metrics';

const INTERVAL_MS = 60_000;

/**
 * Figures as CloudWatch's Embedded Metric Format: log lines that CloudWatch Logs turns into metrics, so that nothing has to be called and
 * no permission is needed. One line a minute, of the model of the latest event, so that an alarm does not have to know its version.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
@Injectable()
export class EmbeddedMetrics implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly own: Observations,
    private readonly keeper: StateKeeper,
    private readonly watch: DriftWatch,
    private readonly config: MonitorConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.emf) return;
    this.timer = setInterval(() => this.logger.log(this.document(Date.now()), 'metrics'), INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Shares and latencies are of the last 5 minutes, drift of the gravest window; the logger adds `service`, the one dimension. */
  document(now: number): Record<string, unknown> {
    const { events, decisions, latencyMs, model } = summarise(this.keeper.parts(), { window: '5m' }, now);
    const reports = this.watch
      .reports()
      .filter((report) => report.model?.name === model?.name && report.model?.version === model?.version);
    const share = (count: number) => count / events;
    const figures: Record<string, [value: number, unit: string]> = {
      DriftState: [Math.max(0, ...reports.map(({ state }) => DRIFT_STATE_VALUES[state])), 'None'],
      Classifications: [events, 'Count'],
      DroppedEvents: [this.own.dropped, 'Count'],
      RefusedBatches: [this.own.refusedBatches, 'Count'],
      ...(events > 0 && {
        UnknownShare: [share(decisions.unknown), 'None'],
        UncertainShare: [share(decisions.uncertain), 'None'],
      }),
      ...(latencyMs !== null && { LatencyP95: [latencyMs.p95, 'Milliseconds'] }),
    };
    const metrics = Object.entries(figures).map(([Name, [, Unit]]) => ({ Name, Unit }));
    return {
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [{ Namespace: this.config.emfNamespace, Dimensions: [['service']], Metrics: metrics }],
      },
      model,
      ...Object.fromEntries(Object.entries(figures).map(([name, [value]]) => [name, value])),
    };
  }
}

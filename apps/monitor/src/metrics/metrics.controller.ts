import { Controller, Get, Header } from '@nestjs/common';
import { MonitorMetrics } from './monitor-metrics';
import { formatMetrics, PROMETHEUS_MEDIA_TYPE } from './prometheus-text';

/** Private, as the whole port is. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MonitorMetrics) {}

  @Get()
  @Header('content-type', PROMETHEUS_MEDIA_TYPE)
  @Header('cache-control', 'no-store')
  show(): string {
    return formatMetrics(this.metrics.collect(Date.now()));
  }
}

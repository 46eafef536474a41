import { PlatformModule, VersionController } from '@app/platform';
import { DynamicModule, Module } from '@nestjs/common';
import { DriftWatch } from './watch/drift-watch';
import { EmbeddedMetrics } from './metrics/embedded-metrics';
import { MetricsController } from './metrics/metrics.controller';
import { MonitorMetrics } from './metrics/monitor-metrics';
import { MonitorTelemetry } from './metrics/monitor-telemetry';
import { MonitorConfig } from './monitor.config';
import { ObservationController } from './observation/observation.controller';
import { Observations } from './observation/observations';
import { QueryController } from './query/query.controller';
import { FolderStateStore } from './state/folder-state-store';
import { MemoryStateStore } from './state/memory-state-store';
import { S3StateStore } from './state/s3-state-store';
import { StateKeeper } from './state/state-keeper';
import { StateStore } from './state/state-store.port';
import { TrafficCounters } from './transport/traffic-counters';

/** Binds monitor's ports to their adapters. */
@Module({})
export class MonitorModule {
  static forRoot(config: MonitorConfig): DynamicModule {
    return {
      module: MonitorModule,
      imports: [PlatformModule.forRoot({ service: 'monitor', config })],
      controllers: [ObservationController, QueryController, MetricsController, VersionController],
      providers: [
        { provide: MonitorConfig, useValue: config },
        { provide: StateStore, useFactory: () => storeAt(config.state) },
        { provide: Observations, useValue: new Observations() },
        TrafficCounters,
        StateKeeper,
        DriftWatch,
        MonitorMetrics,
        EmbeddedMetrics,
        MonitorTelemetry,
      ],
    };
  }
}

function storeAt(place: string): StateStore {
  if (place === '') return new MemoryStateStore();
  return place.startsWith('s3://') ? new S3StateStore(place) : new FolderStateStore(place);
}

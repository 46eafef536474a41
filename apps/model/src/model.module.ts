import { PlatformModule } from '@app/platform';
import { DynamicModule, Module } from '@nestjs/common';
import { ModelConfig } from './model.config';
import { InvocationGate } from './serving/invocation-gate';
import { InvocationsController } from './serving/invocations.controller';
import { ModelHost } from './serving/model-host';
import { PingController } from './serving/ping.controller';

@Module({})
export class ModelModule {
  static forConfig(config: ModelConfig): DynamicModule {
    return {
      module: ModelModule,
      imports: [PlatformModule.forRoot({ service: 'model', config, probes: false })],
      controllers: [PingController, InvocationsController],
      providers: [{ provide: ModelConfig, useValue: config }, ModelHost, InvocationGate],
    };
  }
}

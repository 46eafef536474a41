import {
  type DriftReport,
  MonitoringPattern,
  MonitorQuery,
  type MonitorSummary,
  type RecentEvents,
  RecentQuery,
} from '@app/contracts/monitoring';
import { PRODUCT_BUILD, PRODUCT_VERSION } from '@app/platform';
import { Controller, UseFilters, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { DriftWatch } from '../watch/drift-watch';
import { StateKeeper } from '../state/state-keeper';
import { messageValidation } from '../transport/message-validation';
import { RefusalFilter } from '../transport/refusal.filter';
import { summarise } from './summarise';

/** Answers questions, from memory alone. */
@Controller()
@UsePipes(messageValidation)
@UseFilters(RefusalFilter)
export class QueryController {
  constructor(
    private readonly keeper: StateKeeper,
    private readonly watch: DriftWatch,
  ) {}

  @MessagePattern(MonitoringPattern.summary)
  summary(@Payload() query: MonitorQuery): MonitorSummary {
    return summarise(this.keeper.parts(), query, Date.now());
  }

  @MessagePattern(MonitoringPattern.drift)
  drift(@Payload() query: MonitorQuery): DriftReport {
    return this.watch.report(query, Date.now());
  }

  @MessagePattern(MonitoringPattern.recent)
  recent(@Payload() { count }: RecentQuery): RecentEvents {
    const events = this.keeper.parts().flatMap((part) => part.recentEvents());
    const latest = events.sort((a, b) => b.at - a.at).slice(0, count);
    return { events: latest, version: PRODUCT_VERSION, build: PRODUCT_BUILD };
  }
}

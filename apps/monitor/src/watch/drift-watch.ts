import {
  DriftCheck,
  DriftReport,
  DriftState,
  MonitorQuery,
  MonitorWindow,
  ObservedModel,
} from '@app/contracts/monitoring';
import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { MonitorConfig } from '../monitor.config';
import { keyOf, Observations } from '../observation/observations';
import { windowStart, WINDOWS } from '../observation/windows';
import { combineWindow, latestModel, modelsIn } from '../query/combined-window';
import { StateKeeper } from '../state/state-keeper';
import { checkDrift, falseAlarmRate, overallState } from '../drift/drift-checks';

interface Look {
  readonly at: number;
  readonly report: DriftReport;
}

/**
 * Looks for drift at a fixed pace, and never more often: the more looks, the more chances for a false alarm, and the rate of those is
 * promised. Questions are answered with the latest look. A check that goes to `drift` or comes back from it is logged once.
 */
@Injectable()
export class DriftWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Drift');
  private readonly looks = new Map<string, Look>();
  private readonly lookMs: number;
  private readonly alarmRate: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly own: Observations,
    private readonly keeper: StateKeeper,
    { lookSeconds }: MonitorConfig,
  ) {
    this.lookMs = lookSeconds * 1000;
    this.alarmRate = falseAlarmRate(lookSeconds);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.lookAtAll(Date.now()), this.lookMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Answers `monitor.drift`. */
  report({ window, model: wanted }: MonitorQuery, now: number): DriftReport {
    const model = wanted ?? latestModel(this.keeper.parts());
    if (model === undefined) return { window, state: 'waiting', baseline: 'none', images: 0, checks: [] };
    const known = this.looks.get(lookKey(model, window));
    return known !== undefined && now - known.at < this.lookMs ? known.report : this.look(model, window, now);
  }

  /** The latest look at each model and window, for metrics. */
  reports(): readonly DriftReport[] {
    return [...this.looks.values()].map(({ report }) => report);
  }

  /** Models that are no longer there are forgotten. */
  lookAtAll(now: number): void {
    const looked = new Set<string>();
    for (const { name } of WINDOWS) {
      for (const model of modelsIn(this.keeper.parts(), windowStart(name, now))) {
        this.look(model, name, now);
        looked.add(lookKey(model, name));
      }
    }
    for (const key of this.looks.keys()) if (!looked.has(key)) this.looks.delete(key);
  }

  private look(model: ObservedModel, window: MonitorWindow, now: number): DriftReport {
    const { total, reference } = combineWindow(this.keeper.parts(), model, window, now);
    const checks = reference === undefined ? [] : checkDrift(reference, total.drift, this.alarmRate);
    for (const check of checks) this.note(model, window, check, now);
    const state = overallState(checks);
    const report: DriftReport = {
      window,
      model,
      state,
      baseline: reference?.source.kind ?? 'none',
      images: total.drift?.images ?? total.events,
      checks,
      since: this.stateSince(model, window, state, now),
    };
    this.looks.set(lookKey(model, window), { at: now, report });
    return report;
  }

  private note(model: ObservedModel, window: MonitorWindow, check: DriftCheck, now: number): void {
    const states = this.own.history(model)?.driftStates;
    const before = states?.get(`${window} ${check.name}`)?.state;
    if (states === undefined || before === check.state) return;
    states.set(`${window} ${check.name}`, { state: check.state, since: now });
    this.own.revision += 1;
    const { name, state, score, limit, pValue, direction } = check;
    const facts = { model, window, check: name, state, before, score, limit, pValue, direction };
    if (state === 'drift') this.logger.warn(facts, `drift: ${name} of ${model.name} ${model.version} in ${window}`);
    else if (before === 'drift')
      this.logger.log(facts, `no more drift: ${name} of ${model.name} ${model.version} in ${window}`);
  }

  private stateSince(model: ObservedModel, window: MonitorWindow, state: DriftState, now: number): number {
    const states = this.own.history(model)?.driftStates;
    const before = states?.get(window);
    if (before?.state === state) return before.since;
    states?.set(window, { state, since: now });
    return now;
  }
}

function lookKey(model: ObservedModel, window: MonitorWindow): string {
  return `${window} ${keyOf(model)}`;
}

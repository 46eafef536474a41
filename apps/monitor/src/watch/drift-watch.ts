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
import { DriftStep, tellSteps } from './drift-steps';

interface Look {
  readonly at: number;
  readonly report: DriftReport;
}

/**
 * Looks for drift at a fixed pace, and never more often: the more looks, the more chances for a false alarm, and the rate of those is
 * promised. Questions are answered with the latest look. What goes to `drift` or comes back from it is told to the log.
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
    if (known !== undefined && now - known.at < this.lookMs) return known.report;
    const steps: DriftStep[] = [];
    const report = this.look(model, window, now, steps);
    tellSteps(steps, this.logger);
    return report;
  }

  /** The latest look at each model and window, for metrics. */
  reports(): readonly DriftReport[] {
    return [...this.looks.values()].map(({ report }) => report);
  }

  /** Models that are no longer there are forgotten. */
  lookAtAll(now: number): void {
    const looked = new Set<string>();
    const steps: DriftStep[] = [];
    for (const { name } of WINDOWS) {
      for (const model of modelsIn(this.keeper.parts(), windowStart(name, now))) {
        this.look(model, name, now, steps);
        looked.add(lookKey(model, name));
      }
    }
    tellSteps(steps, this.logger);
    for (const key of this.looks.keys()) if (!looked.has(key)) this.looks.delete(key);
  }

  private look(model: ObservedModel, window: MonitorWindow, now: number, steps: DriftStep[]): DriftReport {
    const { total, reference } = combineWindow(this.keeper.parts(), model, window, now);
    const checks = reference === undefined ? [] : checkDrift(reference, total.drift, this.alarmRate);
    steps.push(...checks.flatMap((check) => this.note(model, window, check, now)));
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

  /** The step, if it is one into `drift` or out of it. */
  private note(model: ObservedModel, window: MonitorWindow, check: DriftCheck, now: number): DriftStep[] {
    const states = this.own.history(model)?.driftStates;
    const keyIn = (each: MonitorWindow) => `${each} ${check.name}`;
    const before = states?.get(keyIn(window))?.state;
    if (states === undefined || before === check.state) return [];
    states.set(keyIn(window), { state: check.state, since: now });
    this.own.revision += 1;
    if (before !== 'drift' && check.state !== 'drift') return [];
    const shorter = WINDOWS.slice(
      0,
      WINDOWS.findIndex(({ name }) => name === window),
    );
    const isKnown = shorter.some(({ name }) => states.get(keyIn(name))?.state === 'drift');
    return [{ model, window, check, isKnown }];
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

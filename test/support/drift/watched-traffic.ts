// Monitor's own counting and looking, at the speed of a calculation: traffic with a clock of its own instead of TCP and a timer.
import { ClassificationEvent, DriftCheck, MonitorWindow, ObservedModel } from '@app/contracts/monitoring';
import { DriftBaseline } from '@app/contracts/sagemaker';
import { loadConfig } from '@app/platform';
import { readBaseline } from '../../../apps/monitor/src/drift/read-baseline';
import { MonitorConfig } from '../../../apps/monitor/src/monitor.config';
import { Observations } from '../../../apps/monitor/src/observation/observations';
import { MemoryStateStore } from '../../../apps/monitor/src/state/memory-state-store';
import { StateKeeper } from '../../../apps/monitor/src/state/state-keeper';
import { DriftWatch } from '../../../apps/monitor/src/watch/drift-watch';

/** The default of monitor's `MONITOR_LOOK_SECONDS`. */
export const LOOK_MS = 60_000;
/** Any whole hour. */
const BEGINNING_MS = 1_764_000_000_000;

export interface SeenCheck extends DriftCheck {
  readonly window: MonitorWindow;
}

export class WatchedTraffic {
  /** Images so far. */
  images = 0;
  private readonly observations = new Observations();
  private readonly watch: DriftWatch;
  private waiting: ClassificationEvent[] = [];
  private sequence = 0;
  private now = BEGINNING_MS;

  /** Without a `baseline` the first 1,000 images become one. `everyMs`: from one image to the next, a part of a minute. */
  constructor(
    model: ObservedModel,
    baseline: DriftBaseline | undefined,
    private readonly everyMs: number,
  ) {
    const config = loadConfig(MonitorConfig, { MONITOR_LOOK_SECONDS: String(LOOK_MS / 1000) });
    const keeper = new StateKeeper(this.observations, new MemoryStateStore(), config);
    this.watch = new DriftWatch(this.observations, keeper, config);
    this.observations.adoptPackage(model, baseline && readBaseline(baseline), this.now);
  }

  /** Takes one more image; when a minute is over, gives what the look at it says of all checks in all windows. */
  show(event: ClassificationEvent): readonly SeenCheck[] | undefined {
    this.images += 1;
    this.waiting.push(Object.assign({}, event, { at: this.now }));
    this.now += this.everyMs;
    if (this.now % LOOK_MS !== 0) return undefined;
    this.sequence += 1;
    const batch = { source: 'photos', sequence: this.sequence, dropped: 0, events: this.waiting };
    this.waiting = [];
    this.observations.addBatch(batch, this.now);
    this.watch.lookAtAll(this.now);
    return this.watch.reports().flatMap(({ window, checks }) => checks.map((check) => ({ ...check, window })));
  }
}

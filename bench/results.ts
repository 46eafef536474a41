// All that one run has measured.
import { Memory } from './figures/memory';
import { Monitoring } from './figures/monitor';
import { Overload } from './figures/overload';
import { StartTime } from './figures/start-time';
import { Throughput } from './figures/throughput';
import { WatchingCost } from './figures/watching-cost';
import { Wire } from './figures/wire';
import { Machine } from './machine';

export interface Results {
  readonly machine: Machine;
  readonly rounds: number;
  readonly model: string;
  readonly startTime: StartTime;
  /** One for each profile, as `wire`. */
  readonly throughput: readonly Throughput[];
  readonly wire: readonly Wire[];
  readonly memory: Memory;
  readonly overload: Overload;
  readonly monitor: Monitoring;
  readonly watchingCost: WatchingCost;
}

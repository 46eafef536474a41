// What monitor answers. Times are milliseconds since 1970, durations milliseconds, shares between 0 and 1.
import { IsIn, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { Decision } from '../classification/classification';
import { ObservedModel } from './classification-event';

/** Sliding windows, by their length. */
export const MONITOR_WINDOWS = { '5m': 300_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
export type MonitorWindow = keyof typeof MONITOR_WINDOWS;
export const WINDOW_NAMES = Object.keys(MONITOR_WINDOWS) as MonitorWindow[]; // the keys of the line above

export class MonitorQuery {
  @IsIn(WINDOW_NAMES)
  readonly window!: MonitorWindow;

  /** Default: the model of the latest event. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ObservedModel)
  readonly model?: ObservedModel;
}

export class RecentQuery {
  @IsInt()
  @Min(1)
  @Max(100)
  readonly count!: number;
}

export interface RecentEvents {
  /** The latest first; without sketches. */
  readonly events: readonly RecentEvent[];
  /** Of monitor itself, which has no other address that was knows; an earlier monitor does not tell. */
  readonly version?: string;
  readonly build?: string;
}

export interface RecentEvent {
  readonly id: string;
  readonly at: number;
  readonly model: ObservedModel;
  readonly decision: Decision;
  readonly label?: string;
  readonly score: number;
  readonly latencyMs: number;
}

export interface MonitorSummary {
  readonly window: MonitorWindow;
  /** Absent when nothing was ever seen. */
  readonly model?: ObservedModel;
  /** Models of which there are events in the window, the latest first. */
  readonly models: readonly ObservedModel[];
  /** What the window really covers: monitor may not have been there before. */
  readonly from: number;
  readonly until: number;
  readonly events: number;
  readonly perSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  readonly decisions: Readonly<Record<Decision, number>>;
  /** Shares by best label, the most frequent first; at most 20, the rest is `others`. */
  readonly labels: readonly { readonly label: string; readonly share: number }[];
  readonly others: number;
  /** Share of the events whose top score lies in each tenth between 0 and 1, lowest first. */
  readonly scores: readonly number[];
  readonly feedback: { readonly count: number; readonly right: number };
  /** Event counts over the whole window, oldest first, for a chart; also for stretches without events. */
  readonly series: readonly SeriesPoint[];
  /** Events that sources have thrown away, and batches that were refused, since monitor began to keep count. */
  readonly dropped: number;
}

export interface SeriesPoint {
  readonly at: number;
  readonly events: number;
  readonly unknown: number;
  readonly uncertain: number;
  /** Median; null without events. */
  readonly latencyMs: number | null;
}

/** With fewer images in a window nothing is said of drift. */
export const LEAST_DRIFT_IMAGES = 100;

/** How alarming a check is: `quiet`, `watch` (beyond chance, but small), `drift` (beyond chance and large), `waiting` (too few images). */
export const DRIFT_STATES = ['quiet', 'watch', 'drift', 'waiting'] as const;
export type DriftState = (typeof DRIFT_STATES)[number];

export interface DriftReport {
  readonly window: MonitorWindow;
  readonly model?: ObservedModel;
  readonly state: DriftState;
  /** `package`: the model brought it; `first-images`: what monitor saw first of this model; `none`: still being collected. */
  readonly baseline: 'package' | 'first-images' | 'none';
  readonly images: number;
  readonly checks: readonly DriftCheck[];
  /** When the present state began. */
  readonly since?: number;
}

export const DRIFT_CHECKS = [
  'labels',
  'scores',
  'out-of-set',
  'features',
  'brightness',
  'contrast',
  'sharpness',
  'size',
] as const;

export interface DriftCheck {
  readonly name: (typeof DRIFT_CHECKS)[number];
  readonly state: DriftState;
  /** How large the change is, on the scale of this check. */
  readonly score: number;
  /** From here on it is called `drift`, when chance is ruled out too. */
  readonly limit: number;
  /** How likely so large a change is when nothing changed. */
  readonly pValue: number;
  /** Below it chance is ruled out: the false-alarm rate of this check. */
  readonly falseAlarmRate: number;
  /** Of a property: whether the images have more or less of it than before. More of `out-of-set` is less familiar to the model. */
  readonly direction?: 'more' | 'less';
}

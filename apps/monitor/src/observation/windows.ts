import { MONITOR_WINDOWS, MonitorWindow } from '@app/contracts/monitoring';

/** By the longest wait that a person notices in a chart of the window; each window is a whole number of them. */
const BUCKET_MS: Readonly<Record<MonitorWindow, number>> = {
  '5m': 10_000,
  '1h': 60_000,
  '24h': 900_000,
  '7d': 7_200_000,
};

export const WINDOWS = (Object.keys(MONITOR_WINDOWS) as MonitorWindow[]) // the keys of that object
  .map((name) => ({ name, bucketMs: BUCKET_MS[name], buckets: MONITOR_WINDOWS[name] / BUCKET_MS[name] }));

/** Where the window that ends now begins: the stretch that runs is part of it. */
export function windowStart(name: MonitorWindow, now: number): number {
  const bucketMs = BUCKET_MS[name];
  return (Math.floor(now / bucketMs) + 1) * bucketMs - MONITOR_WINDOWS[name];
}

/** Where the stretches of the window begin, oldest first. */
export function bucketStarts(name: MonitorWindow, now: number): number[] {
  const first = windowStart(name, now);
  return Array.from({ length: MONITOR_WINDOWS[name] / BUCKET_MS[name] }, (_, index) => first + index * BUCKET_MS[name]);
}

/** Milliseconds by metric name, in the order in which they are shown. */
export type Timings = Readonly<Record<string, number>>;

/** `Server-Timing` as the W3C draft writes it: `decode;dur=1.2, infer;dur=3.4`. */
export function formatServerTiming(timings: Timings): string {
  return Object.entries(timings)
    .map(([name, durationMs]) => `${name};dur=${durationMs.toFixed(2)}`)
    .join(', ');
}

/** Reads names and durations; a metric without a duration is left out. */
export function parseServerTiming(header: string | undefined): Timings {
  const timings: Record<string, number> = {};
  for (const [, name, duration] of (header ?? '').matchAll(/([\w-]+);dur=([\d.]+)/g)) {
    if (name !== undefined) timings[name] = Number(duration);
  }
  return timings;
}

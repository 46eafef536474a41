/** ISO 8601 durations, as `CacheConfig.ExpireAfter` has them. */
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * `P30D`, `PT12H`, `P1DT6H`, and without the P, as SageMaker's documentation writes it (`30d`, `T16m`). A year has 365 days here and a
 * month 30. Undefined for what is no duration.
 */
export function durationMs(text: string): number | undefined {
  const [all, years, months, weeks, days, hours, minutes, seconds] =
    /^P?(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text) ?? [];
  if (all === undefined || !/\d/.test(all)) return undefined;
  const count = (digits: string | undefined): number => Number(digits ?? 0);
  return (
    (count(years) * 365 + count(months) * 30 + count(weeks) * 7 + count(days)) * DAY_MS +
    ((count(hours) * 60 + count(minutes)) * 60 + count(seconds)) * 1000
  );
}

// Numbers, times and durations as people read them. Pure.

/** `96.7 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** `94.5 to 98.1 %` */
export function percentRange({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${(low * 100).toFixed(1)} to ${percent(high)}`;
}

export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}

/** `0.4 s`, `1 min 05 s`, `2 h 03 min` */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** As a running clock shows it: `0:07`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = twoDigits(seconds % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** `12.3 ms` */
export function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

/** In the short form of this machine's language and time zone. */
export function localTime(time: Date): string {
  return time.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
}

/** Short, and never `0` for what is not nothing: `0.00012`. */
export function small(value: number): string {
  if (value === 0) return '0';
  return value < 1e-6 ? 'under 0.000001' : String(Number(value.toPrecision(2)));
}

/** `rose, tulip and daisy` */
export function enumerate(words: readonly string[], conjunction = 'and'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) ?? ''}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

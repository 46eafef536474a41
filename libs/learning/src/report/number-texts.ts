// Figures as people read them. English; a figure and its unit never part at the end of a line.

const SPACE = '\u00a0';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const signedDecimal = new Intl.NumberFormat('en', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const threeDecimals = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

/** `97.0 %`; never rounded to nothing or to all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return `<0.1${SPACE}%`;
  if (share < 1 && share >= 0.9995) return `>99.9${SPACE}%`;
  return `${oneDecimal.format(share * 100)}${SPACE}%`;
}

/** A distance between shares: `1.3 points`. */
export function points(distance: number): string {
  const text = distance > 0 && distance < 0.0005 ? '<0.1' : oneDecimal.format(distance * 100);
  return `${text}${SPACE}${text === '1.0' ? 'point' : 'points'}`;
}

/** A change between shares, with its sign: `+1.3`. */
export function signedPoints(change: number): string {
  return signedDecimal.format(change * 100);
}

export function count(value: number): string {
  return whole.format(value);
}

/** `1 image`, `396 images`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${whole.format(value)}${SPACE}${value === 1 ? one : many}`;
}

export function milliseconds(duration: number): string {
  return `${oneDecimal.format(duration)}${SPACE}ms`;
}

/** Losses, temperatures, thresholds, areas under curves. */
export function decimal(value: number): string {
  return threeDecimals.format(value);
}

/** `p = 0.031`, `p < 0.001`. */
export function pValue(value: number): string {
  return value < 0.001 ? `p${SPACE}<${SPACE}0.001` : `p${SPACE}=${SPACE}${decimal(value)}`;
}

/** The day of an ISO 8601 time, in UTC. */
export function dayOf(time: string): string {
  return day.format(new Date(time));
}

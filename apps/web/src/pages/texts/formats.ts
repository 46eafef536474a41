/** How a language writes figures, times and lists. Times are UTC, because the server does not know where its reader is. */
export interface Formats {
  readonly number: (value: number) => string;
  /** Of a size that is not known beforehand, to three digits. */
  readonly about: (value: number) => string;
  /** To thousandths. */
  readonly precise: (value: number) => string;
  /** To hundredths. */
  readonly figure: (value: number) => string;
  /** Whole percents, and never a certainty that no model has: `<1 %`, `87 %`, `>99 %`. */
  readonly percent: (share: number) => string;
  /** Percents as they are: `0 %`, `54.8 %`. */
  readonly exactPercent: (share: number) => string;
  readonly milliseconds: (durationMs: number) => string;
  readonly seconds: (count: number) => string;
  /** A whole number of hours, of minutes or of seconds, with its unit. */
  readonly duration: (seconds: number) => string;
  /** Megabytes or kilobytes, of 1,000 each. */
  readonly fileSize: (bytes: number) => string;
  readonly date: (iso: string) => string;
  /** `14:10 UTC`, with its day when that is not the day of `now`. */
  readonly clock: (iso: string, now: string) => string;
  readonly or: (words: readonly string[]) => string;
  readonly and: (words: readonly string[]) => string;
}

/** `percentSign` has the space that the language puts before it. */
export function formatsOf(locale: string, percentSign: string): Formats {
  const numbers = (options: Intl.NumberFormatOptions = {}) => {
    const format = new Intl.NumberFormat(locale, options);
    return (value: number) => format.format(value);
  };
  const unit = (unit: string, unitDisplay: 'short' | 'long', maximumFractionDigits = 1) =>
    numbers({ style: 'unit', unit, unitDisplay, maximumFractionDigits });
  const [number, tenths] = [numbers(), numbers({ maximumFractionDigits: 1 })];
  const [ms, seconds, minutes, hours] = [
    unit('millisecond', 'short', 0),
    unit('second', 'long'),
    unit('minute', 'long'),
    unit('hour', 'long'),
  ];
  const [kilobytes, megabytes] = [unit('kilobyte', 'short', 0), unit('megabyte', 'short')];
  const [date, day] = [dates(locale, { dateStyle: 'long' }), dates(locale, { day: 'numeric', month: 'short' })];
  return {
    number,
    about: numbers({ maximumSignificantDigits: 3 }),
    precise: numbers({ maximumFractionDigits: 3 }),
    figure: numbers({ maximumFractionDigits: 2 }),
    percent(share) {
      if (share < 0.01) return `<1${percentSign}`;
      return share > 0.99 ? `>99${percentSign}` : `${Math.round(share * 100)}${percentSign}`;
    },
    exactPercent: (share) => `${tenths(share * 100)}${percentSign}`,
    milliseconds(durationMs) {
      if (durationMs >= 1000) return seconds(durationMs / 1000);
      return durationMs > 0 && durationMs < 1 ? `<${ms(1)}` : ms(durationMs);
    },
    seconds,
    duration(count) {
      if (count % 3600 === 0) return hours(count / 3600);
      return count % 60 === 0 ? minutes(count / 60) : seconds(count);
    },
    fileSize: (bytes) => (bytes >= 1e6 ? megabytes(bytes / 1e6) : kilobytes(Math.max(1, bytes / 1e3))),
    date,
    clock(iso, now) {
      const time = `${iso.slice(11, 16)} UTC`;
      return iso.slice(0, 10) === now.slice(0, 10) ? time : `${day(iso)}, ${time}`;
    },
    or: lists(locale, 'disjunction'),
    and: lists(locale, 'conjunction'),
  };
}

function dates(locale: string, options: Intl.DateTimeFormatOptions): (iso: string) => string {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return (iso) => format.format(new Date(iso));
}

function lists(locale: string, type: Intl.ListFormatType): (words: readonly string[]) => string {
  const format = new Intl.ListFormat(locale, { type });
  return (words) => format.format(words);
}

// The tables of the report, the same for the console and for docs/benchmarks.md.
import { Results } from '../results';
import { Spread, sum } from '../statistics';
import { SubjectFigures, Throughput } from '../figures/throughput';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function ratiosTable({ throughput, wire, memory, startTime, overload, monitor, watchingCost }: Results): Table {
  const both = (cell: (one: Throughput) => string) => throughput.map(cell);
  const wireCells = (hop: 'webToWas' | 'wasToEndpoint') => wire.map(({ hops }) => times(hops[hop].there, 3));
  return {
    title: 'Ratios',
    columns: ['figure', 'S', 'P', 'floor', 'goal'],
    rows: [
      ['images/s, over the bare loop', ...both(({ subjects }) => ratio(subjects.form.speed)), '>= 0.50', '>= 0.87'],
      ['the same, image as raw body', ...both(({ subjects }) => ratio(subjects.raw.speed)), '>= 0.50', '>= 0.87'],
      ['CPU for an image, over the bare loop', ...both(({ subjects }) => ratio(subjects.form.cpu)), '', '<= 1.15'],
      ['gateway overhead, p50, 1 client', ...both(({ alone }) => milliseconds(alone.form.overheadMs)), '', '<= 2 ms'],
      ['the same, over decode + infer', ...both(({ alone }) => ratio(alone.form.overheadShare)), '', '<= 0.25'],
      ['bytes web -> was, over bytes uploaded', ...wireCells('webToWas'), '<= 1.05 (S)', '<= 1.05'],
      ['bytes was -> endpoint, over bytes uploaded', ...wireCells('wasToEndpoint'), '<= 1.05 (S)', '<= 1.05'],
      [
        'memory of all processes, over one bare process',
        times(memory.smallMb.max / memory.bareMb),
        times(memory.phoneMb.max / memory.bareMb),
        '',
        '<= 2.5',
      ],
      [`memory growth over ${memory.requests} requests, MB per 1,000`, fixed(memory.slopeMb), '', 'about 0', '0'],
      ['start to first answer, over a bare process', ratio(startTime.ratio), '', '', '<= 2'],
      ['events/s that monitor takes on one core', fixed(monitor.eventsPerCpuSecond, 0), '', '>= 1000', ''],
      [`its memory growth over ${monitor.events} events, MB per 100,000`, fixed(monitor.slopeMb), '', 'about 0', '0'],
      ['CPU of was for an image, with monitor over without', ratio(watchingCost.monitored.was), '', 'about 1', ''],
      ['CPU of all tiers for an image, the same', ratio(watchingCost.monitored.tiers), '', 'about 1', ''],
      ['p50 of 8 clients, the same', ratio(watchingCost.monitored.p50), '', 'about 1', ''],
      ['CPU of all tiers for an image, traced over not traced', ratio(watchingCost.traced.tiers), '', '', ''],
      ['goodput at twice saturation, over saturation', ratio(overload.ratio), '', '', '>= 0.95'],
    ],
  };
}

export function speedTable({ throughput }: Results): Table {
  const rows = throughput.flatMap(({ profile, limit, subjects, alone }) => {
    const row = (name: string, figures: SubjectFigures, p50?: Spread) => [
      profile.id,
      name,
      number(figures.imagesPerSecond),
      number(figures.cpuMs),
      fixed(figures.generatorCpuMs),
      p50 === undefined ? '' : number(p50),
    ];
    return [
      row(`bare loop (${limit})`, subjects.bare),
      row('this system, form', subjects.form, alone.form.p50Ms),
      row('this system, raw body', subjects.raw),
      row('one-process Express', subjects.peer, alone.peer.p50Ms),
    ];
  });
  return {
    title: 'Speed',
    columns: ['profile', 'what', 'images/s, 8 clients', 'CPU ms an image', 'generator CPU ms', 'p50 ms, 1 client'],
    rows,
  };
}

/** CPU for an image by process, and what the bare loop would have used of it. */
export function processTable({ throughput, memory }: Results): Table {
  return {
    title: 'CPU and memory by process',
    columns: [
      'process',
      ...throughput.flatMap(({ profile: { id } }) => [`${id}: CPU ms`, 'share']),
      'memory MB',
      'MB per 1,000 requests',
    ],
    rows: [
      ...['web', 'was', 'monitor', 'endpoint', 'model'].map((name) => [
        name,
        ...throughput.flatMap(({ subjects: { form } }) => {
          const cpuMs = form.cpuMsByProcess[name] ?? NaN;
          return [fixed(cpuMs), percent(cpuMs / sum(Object.values(form.cpuMsByProcess)))];
        }),
        fixed(memory.smallMbByProcess[name] ?? NaN, 0),
        fixed(memory.slopeMbByProcess[name] ?? NaN),
      ]),
      [
        'all',
        ...throughput.flatMap(({ subjects }) => [fixed(subjects.form.cpuMs.median), '100 %']),
        fixed(memory.smallMb.median, 0),
        fixed(memory.slopeMb),
      ],
      [
        'bare loop',
        ...throughput.flatMap(({ subjects: { bare, form } }) => [
          fixed(bare.cpuMs.median),
          percent(bare.cpuMs.median / form.cpuMs.median),
        ]),
        fixed(memory.bareMb, 0),
        '',
      ],
    ],
  };
}

const STATIONS: Readonly<Record<string, string>> = {
  decode: 'checking, cleaning and decoding (was and model)',
  queue: 'waiting for a place (was and model)',
  infer: '`session.run`',
  hops: 'everything else: HTTP, SDK, JSON, ways between processes',
};

export function stationTable({ throughput }: Results): Table {
  return {
    title: 'Time of one request by station',
    columns: ['station', ...throughput.map(({ profile }) => `${profile.id}: median ms`)],
    rows: [
      ...Object.entries(STATIONS).map(([name, words]) => [
        `${name}: ${words}`,
        ...throughput.map(({ alone }) => fixed(alone.form.stationsMs[name] ?? NaN)),
      ]),
      ['total in web', ...throughput.map(({ alone }) => fixed(alone.form.stationsMs['total'] ?? NaN))],
      ['p50 of the client', ...throughput.map(({ alone }) => fixed(alone.form.p50Ms.median))],
    ],
  };
}

export function overloadTable({ overload }: Results): Table {
  const shares = Object.entries(overload.shares).map(
    ([status, share]) => `${status === '0' ? 'broken connections' : status} ${percent(share)}`,
  );
  return {
    title: 'Twice what it can do (S)',
    columns: ['figure', 'value'],
    rows: [
      ['saturation, 8 clients, images/s', number(overload.saturationPerSecond)],
      ['offered, requests/s', number(overload.offeredPerSecond)],
      ['answered with 200, images/s', number(overload.goodputPerSecond)],
      ['p99 of these, ms', number(overload.acceptedP99Ms, 0)],
      ['p99 at saturation, ms', number(overload.saturationP99Ms, 0)],
      ['all answers', shares.join(', ')],
      ['refusals that say when to come back', percent(overload.withRetryAfter)],
    ],
  };
}

/** The median, and in brackets the extremes. */
function number({ median, min, max }: Spread, digits = 1): string {
  return `${fixed(median, digits)} [${fixed(min, digits)}-${fixed(max, digits)}]`;
}

function ratio(value: Spread): string {
  return number(value, 2);
}

function milliseconds({ median, min, max }: Spread): string {
  return `${fixed(median)} ms [${fixed(min)}-${fixed(max)}]`;
}

function times(value: number, digits = 2): string {
  return fixed(value, digits);
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${fixed(share * 100, 0)} %`;
}

export function fixed(value: number, digits = 1): string {
  return Number.isNaN(value) ? '-' : value.toFixed(digits);
}

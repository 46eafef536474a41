import {
  DriftCheckResponse,
  DriftResponse,
  LEAST_DRIFT_IMAGES,
  MonitoringFiguresResponse,
  MonitorWindow,
} from '@app/contracts/monitoring';
import { changesOf, Verdict } from '../verdict';
import { formats } from './formats';

// What the status page says of the photos that came lately, in English: first whether they are like those that the model
// was made with, then what its charts show.

const { about, clock, duration, figure, number } = formats;

const windows: Readonly<Record<MonitorWindow, string>> = {
  '5m': '5 minutes',
  '1h': '1 hour',
  '24h': '24 hours',
  '7d': '7 days',
};

type Baseline = DriftResponse['baseline'];

/** What photos are compared with, as the end of a comparison. */
const THAN: Readonly<Record<Baseline, string>> = {
  package: 'than the model knows',
  'first-images': 'than the first ones that this model saw',
  none: 'than before',
};

const ORIGIN: Readonly<Record<Baseline, string>> = {
  package: 'the photos this model was made with',
  'first-images': 'the first photos that this model saw',
  none: 'earlier photos',
};

type Directions = readonly [more: string, less: string];

/** Photos have more or less of these. */
const PHOTOS_ARE: Readonly<Partial<Record<DriftCheckResponse['name'], Directions>>> = {
  brightness: ['brighter', 'darker'],
  contrast: ['richer in contrast', 'flatter'],
  sharpness: ['sharper', 'blurrier'],
  size: ['larger', 'smaller'],
};

/** What has changed, and the end of the sentence that says in comparison with what. */
function change({ name, direction }: DriftCheckResponse, baseline: Baseline): readonly [claim: string, than: string] {
  const words = PHOTOS_ARE[name];
  if (words !== undefined && direction !== undefined) {
    return [`the photos are ${words[direction === 'more' ? 0 : 1]}`, THAN[baseline]];
  }
  const origin = ORIGIN[baseline];
  switch (name) {
    case 'labels':
      return ['the mix of things in the photos is another', THAN[baseline]];
    case 'scores':
      return direction === undefined
        ? ['the certainty of the answers is another', THAN[baseline]]
        : [`the model is ${direction === 'more' ? 'surer' : 'less sure'} of its answers`, `than it was with ${origin}`];
    case 'out-of-set': // a score that is higher for what is less like the training data
      return direction === undefined
        ? ['the photos are not as familiar to the model', `as ${origin}`]
        : [`the photos are ${direction === 'more' ? 'less' : 'more'} familiar to the model`, `than ${origin}`];
    case 'features':
      return ['the photos as a whole look different to the model', `from ${origin}`];
    default:
      return [`the ${names[name]} of the photos differs`, `from that of ${origin}`];
  }
}

const names: Readonly<Record<DriftCheckResponse['name'], string>> = {
  labels: 'mix of things',
  scores: 'certainty',
  'out-of-set': 'familiarity',
  features: 'look as a whole',
  brightness: 'brightness',
  contrast: 'contrast',
  sharpness: 'sharpness',
  size: 'size',
};

/**
 * How the photos of the window compare with what the model knows; the gravest change first. Without figures that change at each look:
 * it is read out whenever it is another one.
 */
function verdict({ drift, images, until }: MonitoringFiguresResponse, window: MonitorWindow): Verdict {
  const time = window === '1h' ? 'the last hour' : `the last ${windows[window]}`;
  const s = window === '1h' ? 's' : ''; // an hour looks, 24 hours look
  if (images === 0) return { headline: `No photo came in ${time}.`, more: [] };
  if (drift.state === 'waiting') return { headline: waiting(drift), more: [] };
  const subject = sentence(time);
  if (drift.state === 'quiet') return { headline: `${subject} look${s} like ${ORIGIN[drift.baseline]}.`, more: [] };
  const large = changesOf(drift, 'drift').map((check) => change(check, drift.baseline));
  const small = changesOf(drift, 'watch').map(
    (check) => `${sentence(change(check, drift.baseline)[0])}, but not by much.`,
  );
  const [gravest, ...others] = large;
  if (gravest === undefined)
    return { headline: `${subject} differ${s} a little from ${ORIGIN[drift.baseline]}.`, more: small };
  const since = drift.since === undefined ? [] : [`There has been a large change since ${clock(drift.since, until)}.`];
  return {
    headline: `In ${time} ${gravest.join(' ')}.`,
    more: [...others.map(([claim]) => `${sentence(claim)}.`), ...small, ...since],
  };
}

function waiting({ baseline }: DriftResponse): string {
  return baseline === 'none'
    ? 'Nothing to compare with yet: the first photos that this model sees are being collected.'
    : `Too few photos yet to compare: it takes ${LEAST_DRIFT_IMAGES}.`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A stretch of time as in "photos in each ...". */
function stretch(milliseconds: number): string {
  return duration(Math.round(milliseconds / 1000)).replace(/^1 /, '');
}

function rate(perSecond: number): string {
  if (perSecond >= 1) return `${about(perSecond)} a second`;
  return perSecond * 60 >= 1 ? `${about(perSecond * 60)} a minute` : `${about(perSecond * 3600)} an hour`;
}

/** Of which model the figures are, and of what time: the window may be longer than photos have come. */
function asOf({ model, from, until }: MonitoringFiguresResponse): string {
  const now = `${until.slice(11, 19)} UTC`;
  return model === undefined
    ? `As of ${now}.`
    : `${model.name} ${model.version}, from ${clock(from, until)} to ${now}.`;
}

export const monitoring = {
  heading: 'What the model sees',
  off: 'Nothing watches the model here: no monitor is set up.',
  unavailable: 'What watches the model does not answer right now. Photos are answered all the same.',
  verdict,
  kicker: { quiet: 'As expected', watch: 'A small change', drift: 'A large change', waiting: 'Not known yet' },
  windowLabel: 'How far back',
  windows,
  asOf,
  stale: 'The page cannot be refreshed right now; this is what was known then.',
  clock,
  rate,
  figure,
  images: 'Photos',
  latency: 'Typical answer',
  slowest: (p95: string, p99: string) => `95 of 100 within ${p95}, 99 within ${p99}`,
  feedback: 'Judged right',
  feedbackCount: (right: number, count: number) =>
    `${number(right)} of the ${number(count)} answers that people judged`,
  noFeedback: 'Nobody judged an answer',
  none: '–',
  dropped: 'Not counted',
  droppedMeans: 'Photos that were answered, but that the monitor missed since it started',
  rateTitle: (stepMs: number | undefined) =>
    stepMs === undefined ? 'Photos over time' : `Photos in each ${stretch(stepMs)}`,
  rateAlt: (least: number, most: number, last: number) =>
    `Between ${number(least)} and ${number(most)}, ${number(last)} at the end.`,
  latencyTitle: 'Time for an answer',
  latencyAlt: (least: string, most: string) => `The median lies between ${least} and ${most}.`,
  decisionsTitle: 'What the answers amount to',
  decisions: { label: 'Named', uncertain: 'Not sure', unknown: 'No match' },
  scoresTitle: 'How sure the model is',
  tenth: (from: number, to: number) => `${from}–${to}\u00a0%`,
  exactPercent: formats.exactPercent,
  scoresAlt: (share: string) => `${share} of the photos are in the highest tenth.`,
  labelsTitle: 'What it names most often',
  otherLabels: 'Everything else',
  checksTitle: 'What is compared',
  checks: names,
  checkStates: { quiet: 'As expected', watch: 'Small change', drift: 'Large change', waiting: 'Too few photos' },
  checksLead: 'A change counts when chance is ruled out, and as large when its size reaches the limit as well.',
  table: 'As a table',
  columns: {
    at: 'From (UTC)',
    certainty: 'Certainty',
    share: 'Share',
    median: 'Median',
    check: 'Check',
    state: 'State',
    size: 'Size of the change',
    limit: 'Limit',
  },
};

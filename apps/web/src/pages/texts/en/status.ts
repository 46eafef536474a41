import { TierName, TierState } from '@app/contracts/classification';
import { formats } from './formats';

const { number, milliseconds } = formats;

/** The status page; what the model saw lately has texts of its own. */
export const status = {
  heading: 'Status',
  overall: {
    ok: 'Everything works. Photos can be sent.',
    starting: 'The service is starting. Try again in a moment.',
    unavailable: 'Photos cannot be answered right now.',
  } satisfies Record<TierState, string>,
  states: { ok: 'Works', starting: 'Starting', unavailable: 'Not available' } satisfies Record<TierState, string>,
  tiers: {
    web: { name: 'Web', role: 'serves these pages and the API' },
    was: { name: 'Business tier', role: 'checks photos and decides what an answer amounts to' },
    model: { name: 'Model', role: 'looks at photos' },
    monitor: { name: 'Monitor', role: 'watches whether photos are still like those the model learnt from' },
  } satisfies Record<TierName, { name: string; role: string }>,
  version: (version: string) => `Version ${version}`,
  /** Outside of an image there is no build to name. */
  build: (build: string) => `build ${build}`,
  serves: (model: string) => `Serves ${model}`,
  latency: (durationMs: number) => `answered in ${milliseconds(durationMs)}`,
  partsHeading: 'The parts',
  lookedAt: (clock: string) => `Looked at ${clock}.`,
  clock: formats.clock,
  notAsked: 'What lies behind the business tier cannot be asked until it answers.',
  monitoringNotAsked: 'What the model saw lately can be told when the business tier answers again.',
  notReached: 'Not reached.',
  events: (waiting: number, dropped: number) => `Events: ${number(waiting)} waiting, ${number(dropped)} dropped.`,
};

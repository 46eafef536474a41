// What is measured: something that works off images in processes of its own.
import { availableCpus } from '@app/onnx';
import { RunningSystem } from '../test/support/system';
import { BareProcess } from './bare/bare-process';
import { HelperProcess } from './helper-process';
import { LoadGenerator, LoadResult, LoadTarget, WindowWatcher } from './load/load';
import { Profile } from './photos';
import { cpuSeconds, machineBusySeconds, processTree } from '../test/support/processes';
import { sum } from './statistics';

export interface Window {
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** One round of one subject. */
export interface Round {
  readonly imagesPerSecond: number;
  /** CPU time for an image, in milliseconds, by process; the load generator is not in it. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly generatorCpuMs: number;
  /** CPU time of processes that have nothing to do with this, as a share of all CPUs. */
  readonly foreignShare: number;
  readonly load?: LoadResult;
}

export interface Subject {
  readonly name: string;
  /** Works on the profile's images, eight at a time where clients decide that. Throws when anything but success comes back. */
  readonly round: (profile: Profile, window: Window) => Promise<Round>;
}

/** Clients that send their next image when they have the answer to the last one. */
export const CLIENTS = 8;

export function bareSubject(bare: BareProcess): Subject {
  return {
    name: bare.mode,
    async round({ files }, window) {
      const meter = new Meter({ bare: bare.pid });
      const { images, windowMs } = await bare.run({ files, ...window }, () => meter.begin());
      meter.close();
      return meter.round(images, windowMs, 0);
    },
  };
}

/** An HTTP service under load; `processes` names its processes, those they started included where these have no name. */
export function httpSubject(
  name: string,
  processes: Readonly<Record<string, number>>,
  generator: LoadGenerator,
  target: Omit<LoadTarget, 'files'>,
  clients = CLIENTS,
): Subject {
  return {
    name,
    async round({ files }, window) {
      const meter = new Meter(processes);
      const order = { target: { ...target, files }, load: { kind: 'closed', clients } as const, ...window };
      const load = await generator.run(order, meter);
      const { 200: answers = 0, ...others } = load.statuses;
      if (Object.keys(others).length > 0) throw new Error(`${name} answered ${JSON.stringify(load.statuses)}`);
      return { ...meter.round(answers, load.windowMs, load.cpuSeconds), load };
    },
  };
}

export const systemTarget = (system: RunningSystem, body: 'form' | 'raw'): Omit<LoadTarget, 'files'> => ({
  origin: system.url,
  path: '/api/v1/classifications',
  ...(body === 'form' ? { field: 'image' } : {}),
});

/** Runs the subjects in turn, in the opposite order every other time, so that a busy moment hits none more than others. */
export async function interleave(
  subjects: readonly Subject[],
  profile: Profile,
  rounds: number,
  window: Window,
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const results = new Map<string, Round[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      results.get(subject.name)?.push(await subject.round(profile, window));
    }
  }
  return results;
}

interface Reading {
  readonly at: number;
  readonly machine: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** CPU time in a window, by process. */
class Meter implements WindowWatcher {
  private readonly trees: readonly (readonly [name: string, pids: readonly number[]])[];
  private before: Reading;
  private after: Reading;

  constructor(processes: Readonly<Record<string, number>>) {
    const named = new Set(Object.values(processes));
    this.trees = Object.entries(processes).map(([name, root]) => [
      name,
      processTree(root).filter((pid) => pid === root || !named.has(pid)),
    ]);
    this.before = this.after = this.read();
  }

  begin(): void {
    this.before = this.read();
  }

  close(): void {
    this.after = this.read();
  }

  round(images: number, windowMs: number, generatorSeconds: number): Round {
    const { before, after } = this;
    const seconds = this.trees.map(([name]) => [name, (after.parts[name] ?? 0) - (before.parts[name] ?? 0)] as const);
    const ownSeconds = sum(seconds.map(([, value]) => value)) + generatorSeconds;
    const foreignSeconds = Math.max(0, after.machine - before.machine - ownSeconds);
    return {
      imagesPerSecond: (images * 1000) / windowMs,
      cpuMs: Object.fromEntries(seconds.map(([name, value]) => [name, (value * 1000) / images])),
      generatorCpuMs: (generatorSeconds * 1000) / images,
      foreignShare: (foreignSeconds * 1000) / (after.at - before.at) / availableCpus(),
    };
  }

  private read(): Reading {
    const parts = this.trees.map(([name, pids]) => [name, sum(pids.map(cpuSeconds))] as const);
    return { at: performance.now(), machine: machineBusySeconds(), parts: Object.fromEntries(parts) };
  }
}

export type PeerNews = { readonly kind: 'listening'; readonly url: string };

/** The one-process application of bench/peers. */
export async function startPeer(modelFolder: string): Promise<{ pid: number; url: string; stop: () => Promise<void> }> {
  const helper = new HelperProcess<object, PeerNews>('peers/express-one-process.js', [modelFolder]);
  const { url } = await helper.news('listening');
  return { pid: helper.pid, url, stop: () => helper.stop() };
}

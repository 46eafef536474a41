// How long it takes from starting processes to the first answer.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { launchSystem } from '../../test/support/system';
import { BareProcess } from '../bare/bare-process';
import { Plan } from '../options';
import { Profile } from '../photos';
import { Spread, spread } from '../statistics';

export interface StartTime {
  readonly systemMs: Spread;
  /** One bare process, from its start to its first image. */
  readonly bareMs: Spread;
  /** The part of `bareMs` that is creating the session and the first image. */
  readonly bareSessionMs: Spread;
  readonly ratio: Spread;
}

const ASK_INTERVAL_MS = 20;
const LIMIT_MS = 60_000;

export async function measureStartTime({ modelFolder, starts }: Plan, { files }: Profile): Promise<StartTime> {
  const [image = ''] = files;
  const pairs = [];
  for (let round = 0; round < starts; round++) {
    pairs.push({
      system: await systemStartMs(modelFolder, readFileSync(image)),
      ...(await bareStart(modelFolder, image)),
    });
  }
  return {
    systemMs: spread(pairs.map(({ system }) => system)),
    bareMs: spread(pairs.map(({ bare }) => bare)),
    bareSessionMs: spread(pairs.map(({ session }) => session)),
    ratio: spread(pairs.map(({ system, bare }) => system / bare)),
  };
}

async function systemStartMs(modelFolder: string, image: Buffer): Promise<number> {
  const startedAt = performance.now();
  const system = await launchSystem({ modelFolder });
  try {
    while (!(await answers(system.url, image))) {
      if (performance.now() - startedAt > LIMIT_MS) throw new Error('the system does not answer');
      await sleep(ASK_INTERVAL_MS);
    }
    return performance.now() - startedAt;
  } finally {
    await system.stop();
  }
}

async function answers(url: string, image: Buffer): Promise<boolean> {
  try {
    const headers = { 'content-type': 'image/jpeg' };
    const { statusCode, body } = await request(`${url}/api/v1/classifications`, {
      method: 'POST',
      headers,
      body: image,
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false; // not listening yet
  }
}

async function bareStart(modelFolder: string, image: string): Promise<{ bare: number; session: number }> {
  const startedAt = performance.now();
  const bare = new BareProcess('single', modelFolder, image);
  const { createAndFirstRunMs } = await bare.ready;
  const elapsedMs = performance.now() - startedAt;
  await bare.stop();
  return { bare: elapsedMs, session: createAndFirstRunMs };
}

// What travels between the tiers for what was uploaded, and whether both ways to classify say the same.
import { readFileSync } from 'node:fs';
import { startSystem } from '../../test/support/system';
import { CountingProxy, startCountingProxy } from '../counting-proxy';
import { Plan } from '../options';
import { Profile } from '../photos';
import { startPeer } from '../subject';
import { sum } from '../statistics';

export interface Wire {
  readonly profile: Profile;
  readonly uploadedBytes: number;
  /** Bytes over bytes of the images that were uploaded, with all headers; `there` with the image, `back` with the answer. */
  readonly hops: Readonly<Record<'webToWas' | 'wasToEndpoint', { readonly there: number; readonly back: number }>>;
  /** Share of images for which the one-process application gives the same first label. */
  readonly agreement: number;
}

export async function measureWire(plan: Plan, profiles: readonly Profile[]): Promise<readonly Wire[]> {
  const proxies: Partial<Record<'was' | 'endpoint', CountingProxy>> = {};
  const via = (tier: 'was' | 'endpoint') => async (url: string) => (proxies[tier] = await startCountingProxy(url)).url;
  const [system, peer] = await Promise.all([
    startSystem({ modelFolder: plan.modelFolder, via: { was: via('was'), endpoint: via('endpoint') } }),
    startPeer(plan.modelFolder),
  ]);
  try {
    const ask = async (file: string) => await classify(`${system.url}/api/v1/classifications`, file);
    await ask(profiles[0]?.files[0] ?? ''); // was asks the model to describe itself when the first image comes

    const results = [];
    for (const profile of profiles) {
      const before = { was: { ...counted(proxies.was) }, endpoint: { ...counted(proxies.endpoint) } };
      const labels: string[] = [];
      for (const file of profile.files) labels.push(await ask(file));
      const uploadedBytes = sum(profile.files.map((file) => readFileSync(file).length));
      const ratios = (tier: 'was' | 'endpoint') => ({
        there: (counted(proxies[tier]).there - before[tier].there) / uploadedBytes,
        back: (counted(proxies[tier]).back - before[tier].back) / uploadedBytes,
      });
      const hops = { webToWas: ratios('was'), wasToEndpoint: ratios('endpoint') };
      const peerLabels: string[] = [];
      for (const file of profile.files) peerLabels.push(await classify(`${peer.url}/classify`, file));
      const agreement = labels.filter((label, index) => label === peerLabels[index]).length / labels.length;
      results.push({ profile, uploadedBytes, hops, agreement });
    }
    return results;
  } finally {
    await Promise.all([system.stop(), peer.stop()]);
    proxies.was?.stop();
    proxies.endpoint?.stop();
  }
}

function counted(proxy: CountingProxy | undefined): CountingProxy['counted'] {
  if (proxy === undefined) throw new Error('the tier was not started through its proxy');
  return proxy.counted;
}

/** The label with the highest score, whatever the decision. */
async function classify(url: string, file: string): Promise<string> {
  const form = new FormData();
  form.set('image', new Blob([readFileSync(file)], { type: 'image/jpeg' }), 'photo.jpg');
  const reply = await fetch(url, { method: 'POST', body: form });
  const { predictions } = (await reply.json()) as { predictions: { label: string }[] }; // of both
  return predictions[0]?.label ?? '';
}

import { findAsset, assetUrl } from './assets';
import { Texts } from './texts';

export type SampleName = keyof Texts['uploadPage']['sample']['names'];

/** Drawn by `tools/draw-samples.ts`; the last shows nothing that the shipped model knows. */
export const SAMPLES = ['school-bus', 'lighthouse', 'lemon', 'evening-sky'] as const satisfies readonly SampleName[];

export function sampleUrl(name: SampleName): string {
  return assetUrl(`sample-${name}.jpg`);
}

/** The bytes of a sample; undefined when there is none of this name. */
export async function readSample(name: string): Promise<Buffer | undefined> {
  const sample = SAMPLES.find((known) => known === name);
  if (sample === undefined) return undefined;
  return await findAsset(sampleUrl(sample).split('/').at(-1) ?? '')?.asset.body('plain');
}

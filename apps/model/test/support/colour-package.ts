import { ModelManifest } from '@app/contracts/sagemaker';
import { COLOURS, ColourClassifierOptions, writeColourClassifier } from '@app/onnx/testing';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `model.json` of a package whose model tells red, green and blue apart. */
export const COLOUR_MANIFEST: ModelManifest = {
  schemaVersion: 1,
  name: 'colours',
  version: '1.2.3',
  created: '2026-11-20T00:00:00Z',
  labels: COLOURS.map((id) => ({ id, name: { en: id, ko: `${id} (ko)` } })),
  input: { size: 64, resize: 'shorter-side-crop' },
  temperature: 1,
  thresholds: { uncertain: 0.5, unknown: 0 },
};

/** Writes a whole package into `folder`, which is made, and gives the folder back. */
export async function writeColourPackage(
  folder: string,
  manifest: object = COLOUR_MANIFEST,
  options: ColourClassifierOptions = {},
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
  await writeColourClassifier(join(folder, 'model.onnx'), options);
  return folder;
}

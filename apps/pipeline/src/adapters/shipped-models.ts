// The models that ship with the product, as far as people want to read what their labels are called.
import { DEFAULT_LANGUAGE, localize } from '@app/contracts';
import { ModelManifest } from '@app/contracts/sagemaker';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** As models are called, and no way out of the folder. */
const MODEL_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Names of labels by their ids; none for a model that is not in the folder. */
export async function labelsOf(folder: string, modelName: string): Promise<ReadonlyMap<string, string>> {
  if (!MODEL_NAME.test(modelName)) return new Map();
  const text = await readFile(join(folder, modelName, 'model.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  const { labels } = JSON.parse(text) as ModelManifest; // part of the product
  return new Map(labels.map(({ id, name }) => [id, localize(name, DEFAULT_LANGUAGE)]));
}

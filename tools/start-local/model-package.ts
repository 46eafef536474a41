import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['model.json', 'model.onnx'];

/** What is missing of a model package, as a sentence; undefined when the files are there. The model itself checks what is in them. */
export function faultOfModelPackage(folder: string): string | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return `there is no folder ${folder}`;
  const present = readdirSync(folder);
  const missing = FILES.filter((file) => !present.includes(file));
  return missing.length === 0 ? undefined : `${missing.map((file) => join(folder, file)).join(' and ')} missing`;
}

import { readFileSync } from 'node:fs';

/**
 * Names of labels by position, from a JSON array of texts; none without a file.
 *
 * @throws Error that names the file and what is wrong with it
 */
export function readLabelNames(file: string): readonly string[] {
  if (file === '') return [];
  let names: unknown;
  try {
    names = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`WAS_LABELS_FILE ${file} cannot be read as JSON`, { cause: error });
  }
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new Error(`WAS_LABELS_FILE ${file} must be a JSON array of texts`);
  }
  return names;
}

// `labels.json`: how the classes are called, for people. Knows nothing of the images.
import { DEFAULT_LANGUAGE, Language, LANGUAGES, LocalizedText } from '@app/contracts';
import { ModelLabel } from '@app/contracts/sagemaker';
import { readFile } from 'node:fs/promises';
import { isSystemError } from '../system-error';
import { DatasetError } from './dataset.error';

export const LABELS_FILE = 'labels.json';

/** What the file says of a class. */
type LabelTexts = Omit<ModelLabel, 'id'>;

/**
 * Reads names and descriptions by class folder. The file is an array of `{ id, name, description? }`, where `id` is the class
 * folder, or an object `{ "<class folder>": { name, description? } }`. A text is `{ en, ko? }`, or a string, which is English.
 * An absent file is as good as an empty one.
 * @throws DatasetError `labels-invalid`
 */
export async function readLabelsFile(file: string): Promise<ReadonlyMap<string, LabelTexts>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return new Map();
    throw new DatasetError('labels-invalid', `${file} cannot be read.`, { cause: error });
  }
  const fault = (problem: string) => new DatasetError('labels-invalid', `${file} is wrong: ${problem}.`);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, '')); // some editors begin a text with a byte order mark
  } catch (error) {
    throw fault(`it is not JSON (${error instanceof Error ? error.message : ''})`);
  }
  const labels = new Map<string, LabelTexts>();
  for (const [at, id, value] of entriesOf(json, fault)) {
    if (!isObject(value)) throw fault(`${at} must be an object with a name`);
    if (labels.has(id)) throw fault(`it names "${id}" twice`);
    const description =
      value['description'] === undefined
        ? {}
        : { description: textOf(value['description'], `${at}.description`, fault) };
    labels.set(id, { name: textOf(value['name'], `${at}.name`, fault), ...description });
  }
  return labels;
}

type Fault = (problem: string) => DatasetError;

/** Place in the file, class folder, and what is said of it. */
function entriesOf(json: unknown, fault: Fault): [string, string, unknown][] {
  if (Array.isArray(json)) {
    return json.map((item: unknown, index) => {
      const id = isObject(item) ? item['id'] : undefined;
      if (typeof id !== 'string' || id === '') throw fault(`[${index}].id must be the name of a class folder`);
      return [`[${index}]`, id.normalize('NFC'), item];
    });
  }
  if (!isObject(json)) throw fault('it must be an array or an object');
  return Object.entries(json).map(([id, item]) => [JSON.stringify(id), id.normalize('NFC'), item]);
}

function textOf(value: unknown, at: string, fault: Fault): LocalizedText {
  const texts = typeof value === 'string' ? { en: value } : value;
  if (!isObject(texts)) throw fault(`${at} must be a text or an object with "en"`);
  const read = (language: Language) => {
    const text = texts[language];
    if (typeof text !== 'string' || text.trim() === '') throw fault(`${at}.${language} must be a text`);
    return text;
  };
  const others = LANGUAGES.filter((language) => texts[language] !== undefined);
  return {
    [DEFAULT_LANGUAGE]: read(DEFAULT_LANGUAGE),
    ...Object.fromEntries(others.map((language) => [language, read(language)])),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

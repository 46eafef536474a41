// The files of the channel `backbone`: a network, and how it takes an image.
import { readFile } from 'node:fs/promises';
import { UsageError } from '../command.error';
import { reasonOf } from '../reason-of';

/** `backbone.onnx` and `backbone.json` (`{ "input": ..., "output": ... }`). `input` is JSON or a file that holds it. */
export async function backboneFiles(file: string, input: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const text = input.trimStart().startsWith('{') ? input : (await read('--backbone-input', input)).toString('utf8');
  return new Map<string, Uint8Array>([
    ['backbone.onnx', await read('--backbone', file)],
    ['backbone.json', Buffer.from(`${JSON.stringify(description(text), null, 2)}\n`)],
  ]);
}

/** Of the input alone, or of input and output. */
function description(text: string): object {
  const document = parse(text);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new UsageError(
      '--backbone-input must be a JSON object, like "input" of a model.json: {"size": 224, "type": "float32"}.',
    );
  }
  return 'input' in document ? document : { input: document };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--backbone-input is not JSON (${reasonOf(error)}).`, { cause: error });
  }
}

async function read(option: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read (${reasonOf(error)}).`, { cause: error });
  }
}

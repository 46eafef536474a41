// The state as text: a line that says what it is, with a checksum, and a line of JSON.
import { createHash } from 'node:crypto';
import { Observations, StoredObservations } from '../observation/observations';

const FORMAT = 'image-classifier-monitor';
/** Raised when what is stored changes its shape; a state of another version is set aside. */
const VERSION = 1;

export class StateError extends Error {
  constructor(fault: string) {
    super(`the state cannot be read: ${fault}`);
    this.name = 'StateError';
  }
}

/** `writer` tells one life of a monitor from every other. */
export function writeState(observations: Observations, writer: string): string {
  const content = JSON.stringify(observations.store());
  return `${JSON.stringify({ format: FORMAT, version: VERSION, writer, sha256: sha256(content) })}\n${content}\n`;
}

/** Who wrote a state; nothing where that is not said. Reads the first line only. */
export function writerOf(text: string): string | undefined {
  const { format, writer } = header(text.split('\n', 1)[0] ?? '');
  return format === FORMAT && typeof writer === 'string' ? writer : undefined;
}

/** Throws a `StateError` for what `writeState` has not written. */
export function readState(text: string): Observations {
  const [first = '', content = ''] = text.split('\n');
  const { format, version, sha256: expected } = header(first);
  if (format !== FORMAT) throw new StateError('it is not the state of a monitor');
  if (version !== VERSION) throw new StateError(`it has version ${String(version)}, not ${VERSION}`);
  if (expected !== sha256(content)) throw new StateError('it is damaged');
  return Observations.restore(JSON.parse(content) as StoredObservations); // the checksum says who wrote it
}

function header(line: string): Partial<Record<'format' | 'version' | 'writer' | 'sha256', unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The key that signs feedback tokens on this machine: made once, so that a token outlives the system that gave it. */
import { hasCode } from '@app/sagemaker-local';
import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_BYTES = 32;
const KEY_FILE = 'feedback-key';

/** There is no key and none can be made. The message says what to do. */
export class FeedbackKeyError extends Error {}

/** The key of a state folder as base64; makes folder and key when they are not there. Throws `FeedbackKeyError`. */
export function feedbackKeyIn(stateDir: string): string {
  const file = join(stateDir, KEY_FILE);
  try {
    const key = (readIfThere(file) ?? make(stateDir, file)).trim();
    if (Buffer.from(key, 'base64').length >= KEY_BYTES) return key;
  } catch (error) {
    throw new FeedbackKeyError(
      `The key for feedback cannot be kept (${error instanceof Error ? error.message : String(error)}). Name a folder that can be written with --state.`,
    );
  }
  throw new FeedbackKeyError(
    `${file} holds no key (base64 of ${KEY_BYTES} bytes). Remove it and a new one is made; feedback to answers given until now is then refused.`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Of several systems that start at once one makes the key, and it is whole when it has its name. */
function make(stateDir: string, file: string): string {
  mkdirSync(stateDir, { recursive: true });
  const temporary = join(stateDir, `.${randomUUID()}`);
  writeFileSync(temporary, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(temporary);
  }
  return readFileSync(file, 'utf8');
}

// Gives all tests of a run one folder for their temporary files; remove-temporary-folder.mjs removes it at the end.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function makeTemporaryFolder() {
  // What os.tmpdir() gives, here and in workers and child processes.
  process.env['TMPDIR'] = await mkdtemp(join(tmpdir(), 'image-classifier-tests-'));
}

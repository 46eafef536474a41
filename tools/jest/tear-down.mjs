// After a run of tests: the counterpart of set-up.mjs.
import { rm } from 'node:fs/promises';

export default async function tearDown() {
  await rm(process.env['TMPDIR'], { recursive: true, force: true });
}

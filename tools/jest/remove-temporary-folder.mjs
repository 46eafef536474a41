// The counterpart of make-temporary-folder.mjs.
import { rm } from 'node:fs/promises';

export default async function removeTemporaryFolder() {
  await rm(process.env['TMPDIR'], { recursive: true, force: true });
}

// Before a run of tests: the account of whoever runs them is forgotten, and they get one folder for their temporary files.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function setUp() {
  forgetAccount();
  // What os.tmpdir() gives, here and in workers and child processes.
  process.env['TMPDIR'] = await mkdtemp(join(tmpdir(), 'image-classifier-tests-'));
}

/**
 * CodeBuild gives a build region and credentials, and a person's shell may have others. No test may reach that account, and those of a
 * machine that has none need one that has none.
 */
function forgetAccount() {
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('AWS_'))) delete process.env[name];
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distFile } from '../../src/places';

/** Mounts a disk of 3 MB that only the program sees, and that is gone with it. */
function onSmallDisk(...program: readonly string[]): { readonly status: number | null; readonly stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const script = 'mount -t tmpfs -o size=3m tmpfs "$1" && shift && exec "$@"';
  const command = program.map((part) => (part === 'FOLDER' ? folder : part));
  return spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', script, 'sh', folder, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const canMount =
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

(canMount ? describe : describe.skip)('on a full disk (skipped where none can be mounted)', () => {
  it('an execution fails with a sentence, leaves nothing half, and a retry brings it to its end', () => {
    const main = distFile('libs/sagemaker-local/test/pipelines/disk-full/main.js');
    const { stdout } = onSmallDisk(process.execPath, main, 'FOLDER');

    const reason = expect.stringMatching(/There is no space left on the disk that holds .* Make space, then retry/);
    const retried = { reason, halfDone: 0, retried: 'Succeeded' };
    expect(JSON.parse(stdout)).toEqual({
      seen: [
        { ...retried, jobs: ['Failed'] },
        { ...retried, jobs: ['Failed', 'Failed'] },
        retried,
        { reason, halfDone: 0 },
      ],
      registered: 3,
    });
  });
});

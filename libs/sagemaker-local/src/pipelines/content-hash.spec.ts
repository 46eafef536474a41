import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateFolder } from '../state';
import { ContentHasher } from './content-hash';

const root = mkdtempSync(join(tmpdir(), 'content-hash-'));
const data = join(root, 'data');
const state = new StateFolder(join(root, 'state'));
const hasher = new ContentHasher(state);

function write(path: string, content: string): void {
  mkdirSync(join(data, path, '..'), { recursive: true });
  writeFileSync(join(data, path), content);
}

function remembered(): string {
  const folder = join(root, 'state', 'content-hashes');
  const [name = ''] = readdirSync(folder);
  return readFileSync(join(folder, name), 'utf8');
}

describe('a content hash', () => {
  beforeEach(() => {
    rmSync(data, { recursive: true, force: true });
    write('rose/1.jpg', 'one');
    write('rose/2.jpg', 'two');
    write('tulip/3.jpg', 'three');
  });

  it.each<[string, () => void, boolean]>([
    ['nothing happens', () => undefined, true],
    ['a file is written again', () => write('rose/1.jpg', 'one'), true],
    ['a hidden file appears', () => write('.DS_Store', 'x'), true],
    ['a file is changed to one of the same size', () => write('rose/1.jpg', 'ONE'), false],
    ['a file is renamed', () => renameSync(join(data, 'rose/1.jpg'), join(data, 'rose/4.jpg')), false],
    ['a file is moved to another folder', () => renameSync(join(data, 'rose/1.jpg'), join(data, 'tulip/1.jpg')), false],
    ['a file is added', () => write('rose/0.jpg', 'zero'), false],
    ['a file goes', () => rmSync(join(data, 'rose/1.jpg')), false],
  ])('when %s', async (_, change, same) => {
    const before = await hasher.hash(data);
    change();

    expect((await hasher.hash(data)) === before).toBe(same);
  });

  it('follows links, even in a circle, and is that of the content', async () => {
    const linked = join(root, 'linked');
    symlinkSync(data, linked, 'junction');
    const before = await hasher.hash(data);
    symlinkSync(data, join(data, 'rose', 'circle'), 'junction');
    symlinkSync(join(data, 'gone'), join(data, 'rose', 'dangling'));

    expect(await hasher.hash(linked)).toBe(before);
  });

  (process.platform === 'win32' ? describe.skip : describe)('beside a socket (not on Windows)', () => {
    it('takes no notice of a socket', async () => {
      const before = await hasher.hash(data);
      const server = createServer().listen(join(data, 'rose', 'socket.jpg'));
      await once(server, 'listening');

      expect(await hasher.hash(data)).toBe(before);
      server.close();
    });
  });

  it('is there for a file, and not for what is not there', async () => {
    write('model.tar.gz', 'x');

    expect(await hasher.hash(join(data, 'model.tar.gz'))).toMatch(/^[0-9a-f]{64}$/);
    expect(await hasher.hash(join(data, 'nowhere'))).toBeUndefined();
  });

  it('is not trusted to time stamps that can be set, nor remembered of a file that was just written', async () => {
    const old = new Date('2020-01-01');
    utimesSync(join(data, 'rose/1.jpg'), old, old);
    const before = await hasher.hash(data);
    await sleep(2100); // until a file counts as settled
    expect(await hasher.hash(data)).toBe(before);
    expect(remembered()).toContain('rose/1.jpg');
    write('rose/1.jpg', 'ONE');
    utimesSync(join(data, 'rose/1.jpg'), old, old);

    expect(await hasher.hash(data)).not.toBe(before);
    expect(remembered()).toContain('rose/1.jpg');
    expect(await new ContentHasher(new StateFolder(join(root, 'other'))).hash(data)).toBe(await hasher.hash(data));
  });
});

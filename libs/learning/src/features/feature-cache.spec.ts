import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureCache } from './feature-cache';

const hash = (byte: string) => byte.repeat(32);
const RECORD_BYTES = 32 + 3 * 4 + 4;

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'features-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('FeatureCache', () => {
  it('gives back what earlier runs have kept', async () => {
    await keep({ aa: [1, 2.5, -3] });
    await keep({ bb: [4, 5, 6], cc: [7, 8, 9] });

    expect(await readAll()).toEqual({ found: { aa: [1, 2.5, -3], bb: [4, 5, 6], cc: [7, 8, 9] }, damaged: 0 });
  });

  it('reads files larger than it reads at a time', async () => {
    const cache = new FeatureCache(folder);
    const many = 3000; // of 2 KB
    for (let index = 0; index < many; index += 1) {
      await cache.append(index.toString(16).padStart(64, '0'), new Float32Array(512).fill(index));
    }
    await cache.close();

    const found = new Map<string, number>();
    await new FeatureCache(folder).read((sha256, features) => found.set(sha256, features[511] ?? NaN));
    expect(found.size).toBe(many);
    expect([...found].every(([sha256, value]) => parseInt(sha256, 16) === value)).toBe(true);
  });

  it('makes no file when there is nothing to keep', async () => {
    await keep({});

    expect(await readdir(folder)).toEqual([]);
    expect(await readAll(join(folder, 'nothing'))).toEqual({ found: {}, damaged: 0 });
  });

  it.each([1, 20, RECORD_BYTES - 1])('goes without a record that lacks its last %i bytes', async (bytes) => {
    await keep({ aa: [1, 2, 3], bb: [4, 5, 6] });
    const file = await onlyFile();
    await truncate(file, (await readFile(file)).length - bytes);

    expect(await readAll()).toEqual({ found: { aa: [1, 2, 3] }, damaged: 0 });
  });

  it('goes without a file that broke off in its header', async () => {
    await keep({ aa: [1, 2, 3] });
    await truncate(await onlyFile(), 5);

    expect(await readAll()).toEqual({ found: {}, damaged: 0 });
  });

  it.each([
    ['hash', 12 + RECORD_BYTES + 3],
    ['features', 12 + RECORD_BYTES + 40],
    ['checksum', 12 + 2 * RECORD_BYTES - 1],
  ])('tells a damaged record by its checksum: %s', async (_, at) => {
    await keep({ aa: [1, 2, 3], bb: [4, 5, 6], cc: [7, 8, 9] });
    await damage(await onlyFile(), at);

    expect(await readAll()).toEqual({ found: { aa: [1, 2, 3], cc: [7, 8, 9] }, damaged: 1 });
  });

  it.each([0, 5, 9])('tells a damaged header: byte %i', async (at) => {
    await keep({ aa: [1, 2, 3] });
    await damage(await onlyFile(), at);

    expect(await readAll()).toEqual({ found: {}, damaged: 1 });
  });

  it('is out of use where its folder cannot be one, and says why', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const cache = new FeatureCache(file);

    await cache.read(() => undefined);
    await cache.append(hash('aa'), Float32Array.of(1));
    await cache.close();

    expect(cache.fault).toMatch(/ENOTDIR/);
  });
});

(existsSync('/dev/full') ? describe : describe.skip)('on a full disk (needs /dev/full)', () => {
  it('is out of use, and says why', async () => {
    const cache = new FeatureCache('/dev', 'full');

    await cache.append(hash('aa'), Float32Array.of(1));
    await cache.append(hash('bb'), Float32Array.of(2));
    await cache.close();

    expect(cache.fault).toMatch(/ENOSPC/);
  });
});

async function keep(rows: Readonly<Record<string, readonly number[]>>): Promise<void> {
  const cache = new FeatureCache(folder);
  const writes = Object.entries(rows).map(([byte, row]) => cache.append(hash(byte), Float32Array.from(row)));
  await Promise.all(writes);
  await cache.close();
  expect(cache.fault).toBeUndefined();
}

async function readAll(from = folder) {
  const cache = new FeatureCache(from);
  const found: Record<string, number[]> = {};
  await cache.read((sha256, features) => (found[sha256.slice(0, 2)] = [...features]));
  return { found, damaged: cache.damaged };
}

async function onlyFile(): Promise<string> {
  const [name = ''] = await readdir(folder);
  return join(folder, name);
}

async function damage(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  await writeFile(file, bytes);
}

import { decodeForModel } from '@app/imaging';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMadeImages } from './made-images';

const SIDE = 16;

describe('made images', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'made-images-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const make = (name: string, seed: number) => writeMadeImages(join(folder, name), SIDE, seed);
  const hashesOf = (made: Awaited<ReturnType<typeof make>>) =>
    made.flatMap(({ images }) => images.map(({ sha256 }) => sha256));

  it('are the same for the same seed, and others for another', async () => {
    const [first, again, other] = [await make('a', 1), await make('b', 1), await make('c', 2)];

    expect(first.map(({ name, images }) => [name, images.length])).toEqual([
      ['noise', 30],
      ['plain', 30],
      ['gradients', 30],
    ]);
    expect(hashesOf(again)).toEqual(hashesOf(first));
    expect(new Set([...hashesOf(first), ...hashesOf(other)]).size).toBe(180);
  });

  it('are what they are called', async () => {
    for (const { name, images } of await make('a', 3)) {
      const bytes = await readFile(images[0]?.file ?? '');
      const { pixels } = await decodeForModel(bytes, { size: SIDE, resize: 'stretch' });
      const reds = Array.from({ length: SIDE * SIDE }, (_, at) => pixels[at * 3] ?? 0);
      const steps = reds.slice(1, SIDE).map((red, at) => Math.abs(red - (reds[at] ?? 0)));
      const expected = { noise: [40, 140], plain: [0, 0], gradients: [0, 256 / SIDE] }[name] ?? [];
      const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
      expect(mean).toBeGreaterThanOrEqual(expected[0] ?? NaN);
      expect(mean).toBeLessThanOrEqual(expected[1] ?? NaN);
      expect(new Set(reds).size === 1).toBe(name === 'plain');
    }
  });
});

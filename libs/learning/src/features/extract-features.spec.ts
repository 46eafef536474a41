import { decodeForModel, observePixels } from '@app/imaging';
import { COLOUR_GAIN, writeColourClassifier } from '@app/onnx/testing';
import { spawnSync } from 'node:child_process';
import { copyFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { truncated } from '../../../../test/support/images';
import { ExtractReport } from '../../test/support/extract-process';
import { PhotoFolder, small } from '../../test/support/photo-folder';
import { CELL_PIXELS, CellsBackboneOptions, writeCellsBackbone } from '../../test/support/write-cells-backbone';
import { DatasetImage, readDataset } from '../dataset';
import { countOf } from '../feature-set';
import { ImageProperties } from '../image-properties';
import { Backbone, DEFAULT_BACKBONE } from './backbone';
import { extractFeatures, ExtractProgress } from './extract-features';

const VIEWS = ['identity', 'flip'] as const;
const SIZE = 32;
const CELLS = SIZE / CELL_PIXELS;
/** Of the photos, which are larger than what the backbone sees. */
const MEGAPIXELS = (48 * 40) / 1e6;
const input = { size: SIZE, resize: 'shorter-side-crop' } as const;

let folder: PhotoFolder;
let images: readonly DatasetImage[];
let backbone: Backbone;
let cacheFolder: string;

beforeEach(async () => {
  folder = await PhotoFolder.create({ rose: 10, tulip: 12 });
  ({ images } = await readDataset(folder.path));
  cacheFolder = folder.at('.cache');
  backbone = await backboneWith({});
});
afterEach(() => folder.remove());

const extract = (options: Partial<Parameters<typeof extractFeatures>[2]> = {}) =>
  extractFeatures(images, backbone, { views: VIEWS, workers: 2, ...options });

describe('extractFeatures', () => {
  it('gives a row for each image and view, from the pixels that serving sees', async () => {
    const { views, images: rows, leftOut, warnings } = await extract();

    expect({ leftOut, warnings }).toEqual({ leftOut: [], warnings: [] });
    expect(rows).toEqual(images);
    for (const view of VIEWS) {
      expect({ count: countOf(views[view]), dimension: views[view].dimension }).toEqual({ count: 22, dimension: 48 });
      expect([...views[view].labels]).toEqual(images.map(({ label }) => label));
    }
    for (const [row, { file }] of images.entries()) {
      const { pixels } = await decodeForModel(await readFile(file), input);
      expectClose(rowOf(views.identity, row), cellsOf(pixels));
      expectClose(rowOf(views.flip, row), mirrored(cellsOf(pixels)));
    }
  });

  it('takes a graph of normalised float32 channels, under other names', async () => {
    backbone = await backboneWith({ input: 'float32', output: 'embedding' });
    const mean = [0.1, 0.2, 0.3] as const;
    const std = [0.5, 0.25, 1] as const;
    backbone = { ...backbone, output: 'embedding', input: { ...input, type: 'float32', mean, std } };

    const { views } = await extract();

    const { pixels } = await decodeForModel(await readFile(images[3]?.file ?? ''), input);
    const channelOf = (cell: number) => Math.floor(cell / CELLS ** 2);
    const expected = cellsOf(pixels).map(
      (value, cell) => (value / 255 - (mean[channelOf(cell)] ?? 0)) / (std[channelOf(cell)] ?? 1),
    );
    expectClose(rowOf(views.identity, 3), expected);
  });

  it('lays the rows of several outputs one after another', async () => {
    const path = folder.at('colours.onnx');
    await writeColourClassifier(path, { outOfSet: true });
    backbone = { path, input, output: ['logits', 'out_of_set'] };

    const { views } = await extract();
    backbone = { path, input, output: 'logits' };
    const alone = await extract();

    expect(views.identity.dimension).toBe(4);
    for (const row of images.keys()) {
      expect(rowOf(views.identity, row).slice(0, 3)).toEqual(rowOf(alone.views.identity, row));
      // The classifier's own definition: how dark the image is.
      const brightness = rowOf(alone.views.identity, row).reduce((sum, logit) => sum + logit / COLOUR_GAIN / 3, 0);
      expect(rowOf(views.identity, row)[3]).toBeCloseTo(1 - brightness, 5);
    }
  });

  it('works with the backbone that ships', async () => {
    const { views } = await extractFeatures(images.slice(0, 3), DEFAULT_BACKBONE, { views: ['identity'], workers: 1 });

    expect({ count: countOf(views.identity), dimension: views.identity.dimension }).toEqual({
      count: 3,
      dimension: 512,
    });
    expect(new Set(views.identity.features).size).toBeGreaterThan(100);
  });

  it('tells the properties of the images when asked to', async () => {
    const { properties } = await extract({ properties: true });

    for (const [row, { file }] of images.entries()) {
      const { pixels } = await decodeForModel(await readFile(file), input);
      const observed = { ...observePixels(pixels, SIZE, SIZE), megapixels: MEGAPIXELS };
      expect(propertiesOfRow(properties, row)).toEqual(near(observed));
    }
    expect((await extract()).properties.brightness).toHaveLength(0);
  });

  it('leaves out images that are broken behind their header, and lists them', async () => {
    await folder.put('rose/5.jpg', truncated(await small(6)));
    ({ images } = await readDataset(folder.path));
    const whole = images.filter(({ path }) => path !== 'rose/5.jpg');
    expect(images).toHaveLength(22);

    const broken = await extract({ cacheFolder });

    expect(broken.leftOut).toEqual([
      { path: 'rose/5.jpg', reason: 'unreadable', message: expect.stringMatching(/^cannot be read: /) },
    ]);
    expect(broken.images).toEqual(whole);
    expect((await extract({ properties: true })).properties.sharpness).toHaveLength(21);
    images = whole;
    expect(broken.views).toEqual((await extract()).views);
  });

  it.each([
    ['is gone', (file: string) => rm(file), /rose\/7\.jpg cannot be read any more/],
    ['has changed', async (file: string) => writeFile(file, await small(999)), /rose\/7\.jpg has another content/],
  ])('refuses an image that %s since the data was read', async (_, change, message) => {
    await change(folder.at('rose/7.jpg'));

    await expect(extract()).rejects.toMatchObject({ code: 'data-changed', message: expect.stringMatching(message) });
  });

  it('notices a change while it runs, and keeps what it has computed', async () => {
    const changeLater = ({ done }: ExtractProgress) => {
      if (done === 5) void rm(folder.at('tulip/9.jpg'));
    };
    await expect(extract({ cacheFolder, onProgress: changeLater })).rejects.toMatchObject({
      code: 'data-changed',
      message: expect.stringContaining('tulip/9.jpg'),
    });

    ({ images } = await readDataset(folder.path));
    expect((await extract({ cacheFolder })).cached).toBeGreaterThanOrEqual(5);
  });

  it('tells how far it is, how fast, and how long it will take', async () => {
    const told: ExtractProgress[] = [];

    await extract({ onProgress: (progress) => told.push(progress) });

    expect(told.map(({ done }) => done)).toEqual(Array.from({ length: 23 }, (_, index) => index));
    expect(told[0]).toEqual({ done: 0, total: 22 });
    expect(told.at(-1)).toEqual({ done: 22, total: 22, imagesPerSecond: expect.any(Number), remainingMs: 0 });
  });

  it('stops when told to, and goes on from there', async () => {
    const stop = new AbortController();
    const stopAt = ({ done }: ExtractProgress) => {
      if (done === 6) stop.abort(new Error('enough'));
    };
    await expect(extract({ cacheFolder, signal: stop.signal, onProgress: stopAt })).rejects.toThrow('enough');

    const { cached } = await extract({ cacheFolder });
    expect(cached).toBeGreaterThanOrEqual(6);
    expect(cached).toBeLessThan(22);
  });

  it.each([
    ['no file', { path: 'nothing.onnx' }, /nothing\.onnx cannot be used: ENOENT/],
    ['no graph', { path: resolve('package.json') }, /package\.json cannot be used: /],
    ['no such input', { input: { ...input, name: 'x' } }, /has no input "x", only "image"\.$/],
    ['another input', { input: { ...input, type: 'float32' as const } }, /input "image" is uint8, not float32\.$/],
    ['no such output', { output: 'logits' }, /has no output "logits", only "features"\.$/],
  ])('refuses a backbone with %s', async (_, wrong, message) => {
    backbone = { ...backbone, ...wrong };

    await expect(extract()).rejects.toMatchObject({ code: 'bad-backbone', message: expect.stringMatching(message) });
  });

  it('refuses a backbone that takes images of another size only', async () => {
    backbone = { ...(await backboneWith({ size: 40 })), input };

    await expect(extract()).rejects.toMatchObject({
      code: 'bad-backbone',
      message: expect.stringContaining('takes 40 x 40 pixels, not 32 x 32'),
    });
  });

  it('refuses features that are no numbers', async () => {
    backbone = await backboneWith({ divisor: 0 });

    await expect(extract()).rejects.toMatchObject({ message: expect.stringMatching(/values that are no numbers/) });
  });
});

describe('the feature cache', () => {
  it('spares what has been computed, whatever the files are called now', async () => {
    const first = await extract({ cacheFolder });
    await copyFile(folder.at('rose/0.jpg'), folder.at('tulip/zz.jpg'));
    await rm(folder.at('rose/0.jpg'));
    await folder.put('rose/10.jpg', await small(500));
    ({ images } = await readDataset(folder.path));

    const second = await extract({ cacheFolder });

    expect([first.cached, second.cached, images.length]).toEqual([0, 22, 23]);
    expect([...rowOf(second.views.flip, 22)]).toEqual([...rowOf(first.views.flip, 0)]);
    expect((await extract({ cacheFolder })).views).toEqual(second.views);
  });

  it('computes a view that is not there alone', async () => {
    await extract({ cacheFolder, views: ['identity'] });
    const [identity = ''] = await readdir(cacheFolder);
    const before = await readdir(join(cacheFolder, identity));

    const both = await extract({ cacheFolder });

    expect(both.views).toEqual((await extract()).views);
    expect(await readdir(join(cacheFolder, identity))).toEqual(before);
  });

  it('keeps properties too, for every backbone that sees the same pixels', async () => {
    const first = await extract({ cacheFolder, properties: true });

    const second = await extract({ cacheFolder, properties: true });
    backbone = await backboneWith({ divisor: 2 });
    const other = await extract({ cacheFolder, properties: true });

    expect([second.cached, other.cached]).toEqual([22, 0]);
    expect([second.properties, other.properties]).toEqual([first.properties, first.properties]);
    expect(await readdir(cacheFolder)).toHaveLength(5);
  });

  it('that has features only is of use when properties are wanted, too', async () => {
    const { views } = await extract({ cacheFolder });
    const before = (await cacheFiles()).length;

    const both = await extract({ cacheFolder, properties: true });

    expect(both.views).toEqual(views);
    expect(both.properties.contrast).toHaveLength(22);
    expect(await cacheFiles()).toHaveLength(before + 1);
  });

  it('keeps apart what comes from another backbone, size, or way to resize', async () => {
    await extract({ cacheFolder });
    const same = backbone;

    for (const other of [
      await backboneWith({ divisor: 2 }),
      { ...same, input: { ...input, size: 40 } },
      { ...same, input: { ...input, resize: 'stretch' } as const },
    ]) {
      backbone = other;
      expect((await extract({ cacheFolder })).cached).toBe(0);
    }
    backbone = { ...same, input: { ...input, type: 'uint8', name: 'image' }, output: 'features' };
    expect((await extract({ cacheFolder })).cached).toBe(22);
  });

  it('computes again what was damaged, and says so', async () => {
    const whole = await extract({ cacheFolder });
    for (const file of await cacheFiles()) {
      const bytes = await readFile(file);
      bytes[12 + 100] = (bytes[12 + 100] ?? 0) ^ 1; // in the features of the first record
      await writeFile(file, bytes);
      await truncate(file, bytes.length - 10); // within the last record
    }

    const again = await extract({ cacheFolder });

    expect(again.views).toEqual(whole.views);
    expect(again.cached).toBeLessThanOrEqual(20);
    expect(again.cached).toBeGreaterThanOrEqual(18);
    expect(again.warnings).toEqual(['The feature cache has 2 damaged entries; they are not used.']);
  });

  it('is whole again after the process was killed', async () => {
    const killed = runProcess(['9']);
    expect(killed.signal).toBe('SIGKILL');

    const resumed = runProcess([]);

    expect(resumed.report?.cached).toBeGreaterThanOrEqual(5);
    expect(resumed.report?.cached).toBeLessThan(22);
    const { views } = await extract();
    expect(resumed.report?.features).toEqual([...views.identity.features, ...views.flip.features]);
  });

  it('may fill the disk without harm', async () => {
    // A limit on the size of files that the process writes: 1 or 2 KB, as the shell counts.
    const full = runProcess([], 'ulimit -f 2; ');

    expect(full.report?.warnings).toEqual([expect.stringMatching(/^Features are not kept for the next run: EFBIG/)]);
    const { views } = await extract();
    expect(full.report?.features).toEqual([...views.identity.features, ...views.flip.features]);
    const { cached, views: after, warnings } = await extract({ cacheFolder });
    expect({ after, warnings }).toEqual({ after: views, warnings: [] });
    expect(cached).toBeGreaterThan(0);
    expect(cached).toBeLessThan(22);
  });
});

/** Runs `extract-process` through a shell. */
function runProcess(parameters: readonly string[], before = ''): { signal: string | null; report?: ExtractReport } {
  const program = join(__dirname, '..', '..', 'test', 'support', 'extract-process.js');
  const quoted = [process.execPath, program, folder.path, backbone.path, cacheFolder, ...parameters].map(
    (word) => `'${word}'`,
  );
  const { stdout, stderr, signal } = spawnSync('sh', ['-c', `${before}exec ${quoted.join(' ')}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  expect(stderr).toBe('');
  return { signal, ...(stdout === '' ? {} : { report: JSON.parse(stdout) as ExtractReport }) };
}

async function backboneWith(options: CellsBackboneOptions): Promise<Backbone> {
  const path = folder.at('.backbone.onnx');
  await writeCellsBackbone(path, options);
  return { path, input };
}

async function cacheFiles(): Promise<string[]> {
  const entries = await readdir(cacheFolder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function propertiesOfRow(properties: ImageProperties, row: number): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(properties).map(([name, values]) => [name, values[row]]));
}

/** As float32 has it. */
function near(values: object): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, expect.closeTo(Number(value), 6) as number]),
  );
}

function rowOf({ features, dimension }: { features: Float32Array; dimension: number }, row: number): Float32Array {
  return features.subarray(row * dimension, (row + 1) * dimension);
}

/** What the backbone makes of pixels, in plain arithmetic. */
function cellsOf(pixels: Uint8Array): number[] {
  const sums = new Array<number>(3 * CELLS ** 2).fill(0);
  pixels.forEach((value, at) => {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)];
    const cell = channel * CELLS ** 2 + Math.floor(y / CELL_PIXELS) * CELLS + Math.floor(x / CELL_PIXELS);
    sums[cell] = (sums[cell] ?? 0) + value / CELL_PIXELS ** 2;
  });
  return sums;
}

function mirrored(cells: readonly number[]): number[] {
  return cells.map((_, at) => cells[at - (at % CELLS) + (CELLS - 1 - (at % CELLS))] ?? NaN);
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  const worst = Math.max(...expected.map((value, at) => Math.abs(value - (actual[at] ?? NaN))));
  expect(worst).toBeLessThan(1e-3);
}

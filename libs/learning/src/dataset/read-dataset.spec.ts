import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { oversizedJpeg, photo, pixelBomb } from '../../../../test/support/images';
import { FLOWERS, PhotoFolder, small } from '../../test/support/photo-folder';
import { readDataset, readTestData, readTrainingAndTestData, readUnlabelledImages } from './read-dataset';

let folder: PhotoFolder;
beforeEach(async () => (folder = await PhotoFolder.create({ rose: 10, tulip: 11 })));
afterEach(() => folder.remove());

describe('readDataset', () => {
  it('takes folders as classes, by name, and all their images', async () => {
    await folder.put('aster/PHOTO.JPEG', await small(100));
    await folder.put('aster/b.PNG', await small(101, 'png'));
    await folder.put('aster/c.webp', await small(102, 'webp'));
    for (let index = 0; index < 7; index += 1) await folder.put(`aster/${index}.jpg`, await small(110 + index));

    const { labels, counts, weights, images, leftOut, warnings } = await readDataset(folder.path);

    expect(labels.map(({ id }) => id)).toEqual(['aster', 'rose', 'tulip']);
    expect({ counts, weights, leftOut, warnings }).toEqual({
      counts: [10, 10, 11],
      weights: [1, 1, 1],
      leftOut: [],
      warnings: [],
    });
    expect(images.at(7)).toEqual({
      file: join(folder.path, 'aster/PHOTO.JPEG'),
      path: 'aster/PHOTO.JPEG',
      label: 0,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('leaves out what cannot be learnt from, and says why', async () => {
    await folder.put('notes.txt', 'about');
    await folder.put('stray.jpg', await small(200));
    await folder.put('rose/list.csv', 'a,b');
    await folder.put('rose/inner/1.jpg', await small(201));
    await folder.put('rose/empty.jpg', '');
    await folder.put('rose/text.jpg', 'This is no photo.');
    await folder.put('rose/bomb.png', pixelBomb());
    await folder.put('rose/huge.jpg', await oversizedJpeg());
    await folder.put('rose/icon.png', await photo({ width: 300, height: 31, format: 'png' }));
    await symlink(folder.at('gone.jpg'), folder.at('rose/link.jpg'));

    const { leftOut, counts } = await readDataset(folder.path);

    expect(counts).toEqual([10, 11]);
    expect(leftOut.map(({ path, reason, message }) => `${reason}: ${path} ${message}`)).toEqual([
      'not-an-image: notes.txt lies in no class folder',
      `unreadable: rose/bomb.png ${expectedMessage(leftOut, 'rose/bomb.png', /pixels/)}`,
      `unreadable: rose/empty.jpg ${expectedMessage(leftOut, 'rose/empty.jpg', /no content/)}`,
      'too-large: rose/huge.jpg is over 15 MB, more than is accepted in service',
      'tiny: rose/icon.png has 300 x 31 pixels, and 32 a side are needed',
      'nested-folder: rose/inner is a folder within a class, and is not looked into',
      `unreadable: rose/link.jpg ${expectedMessage(leftOut, 'rose/link.jpg', /ENOENT/)}`,
      'not-an-image: rose/list.csv is not named .jpg, .jpeg, .png or .webp',
      `unreadable: rose/text.jpg ${expectedMessage(leftOut, 'rose/text.jpg', /text/)}`,
      'not-an-image: stray.jpg lies in no class folder',
    ]);
  });

  (process.platform === 'win32' ? describe.skip : describe)('beside a socket (not on Windows)', () => {
    it('leaves out what is no file', async () => {
      const server = createServer().listen(join(folder.path, 'rose', 'socket.jpg'));
      await once(server, 'listening');

      const { leftOut } = await readDataset(folder.path);
      server.close();

      expect(leftOut).toContainEqual({
        path: 'rose/socket.jpg',
        reason: 'not-an-image',
        message: 'is a pipe, a socket or a device',
      });
    });
  });

  it('takes no notice of hidden files and folders', async () => {
    await folder.put('.cache/1.jpg', await small(1));
    await folder.put('rose/.DS_Store', 'x');
    await folder.put('rose/._1.jpg', 'x');

    const { labels, leftOut } = await readDataset(folder.path);

    expect({ classes: labels.length, leftOut }).toEqual({ classes: 2, leftOut: [] });
  });

  it('keeps the first of equal images within a class', async () => {
    await copyFile(folder.at('tulip/3.jpg'), folder.at('tulip/copy.jpg'));

    const { leftOut, counts } = await readDataset(folder.path);

    expect(counts).toEqual([10, 11]);
    expect(leftOut).toEqual([
      { path: 'tulip/copy.jpg', reason: 'duplicate', message: 'is the same picture as tulip/3.jpg' },
    ]);
  });

  it('keeps none of equal images in several classes', async () => {
    await copyFile(folder.at('tulip/3.jpg'), folder.at('tulip/copy.jpg'));
    await copyFile(folder.at('tulip/3.jpg'), folder.at('rose/other.jpg'));

    const { leftOut, counts } = await readDataset(folder.path);

    expect(counts).toEqual([10, 10]);
    expect(leftOut.map(({ path, reason, message }) => [path, reason, message])).toEqual([
      ['rose/other.jpg', 'contradiction', 'is the same picture as tulip/3.jpg, in another class'],
      ['tulip/3.jpg', 'contradiction', 'is the same picture as rose/other.jpg, in another class'],
      ['tulip/copy.jpg', 'contradiction', 'is the same picture as rose/other.jpg, in another class'],
    ]);
  });

  it('refuses fewer than two classes, and knows a folder too high', async () => {
    await expect(readDataset(folder.at('rose'))).rejects.toMatchObject({
      code: 'too-few-classes',
      message: `${folder.at('rose')} has no class folder; at least 2 are needed.`,
    });
    const outer = await PhotoFolder.create({});
    await rename(folder.path, outer.at('flowers'));
    await expect(readDataset(outer.path)).rejects.toMatchObject({
      code: 'too-few-classes',
      message:
        `${outer.path} has only one class folder, "flowers"; at least 2 are needed. ` +
        'It holds folders itself: are those the classes?',
    });
    await outer.remove();
  });

  it('refuses classes with fewer than ten usable images, all of them by name', async () => {
    await folder.put('rose/0.jpg', 'no photo any more');
    await folder.put('aster/1.jpg', await small(300));
    await folder.put('aster/2.jpg', await small(300));
    await folder.put('aster/3.jpg', await small(300));
    await folder.put('aster/notes.txt', 'no photo');

    await expect(readDataset(folder.path)).rejects.toMatchObject({
      code: 'too-few-images',
      message:
        'Class "aster" has 1 usable image (3 left out, 2 of them twice in the class). ' +
        'Class "rose" has 9 usable images (1 left out, unreadable). At least 10 a class are needed.',
    });
  });

  it('refuses a folder that is not there', async () => {
    await expect(readDataset(folder.at('nothing'))).rejects.toMatchObject({
      code: 'data-unreadable',
      message: expect.stringContaining(folder.at('nothing')),
    });
  });

  it('warns of strong imbalance and gives every class the same weight in sum', async () => {
    for (let index = 0; index < 101; index += 1) await folder.put(`aster/${index}.jpg`, await small(1000 + index));

    const { weights, counts, warnings } = await readDataset(folder.path);

    expect(counts).toEqual([101, 10, 11]);
    expect(weights.map((weight, label) => weight * (counts[label] ?? 0))).toEqual([
      expect.closeTo(122 / 3),
      expect.closeTo(122 / 3),
      expect.closeTo(122 / 3),
    ]);
    expect(warnings).toEqual([expect.stringContaining('"aster" has 101 images and "rose" has 10')]);
  });

  it('gives the same hash for the same data, whatever the files are called', async () => {
    const copy = await PhotoFolder.create({});
    await cp(folder.path, copy.path, { recursive: true });
    await rename(copy.at('rose/0.jpg'), copy.at('rose/z.jpeg'));
    const before = await readDataset(folder.path);

    expect((await readDataset(copy.path)).hash).toBe(before.hash);
    await rename(copy.at('rose'), copy.at('rosa'));
    expect((await readDataset(copy.path)).hash).not.toBe(before.hash);
    await rm(folder.at('tulip/4.jpg'));
    expect((await readDataset(folder.path)).hash).not.toBe(before.hash);
    await copy.remove();
  });

  it('tells how far it is, and stops when told to', async () => {
    const told: number[] = [];
    await readDataset(folder.path, { onProgress: ({ done, total }) => told.push(done / total) });
    expect(told).toEqual(Array.from({ length: 21 }, (_, index) => (index + 1) / 21));

    const signal = AbortSignal.abort(new Error('enough'));
    await expect(readDataset(folder.path, { signal })).rejects.toThrow('enough');
  });
});

describe('labels.json', () => {
  const rose = { en: 'rose', ko: '장미' };

  it.each([
    [
      'an array',
      [
        { id: 'rose', name: rose, description: 'It has thorns.' },
        { id: 'tulip', name: 'tulip' },
      ],
    ],
    ['an object', { rose: { name: rose, description: { en: 'It has thorns.' } }, tulip: { name: 'tulip' } }],
  ])('names and describes the classes: %s', async (_, json) => {
    await folder.put('labels.json', `\uFEFF${JSON.stringify(json)}`);

    const { labels, warnings, leftOut } = await readDataset(folder.path);

    expect(labels).toEqual([
      { id: 'rose', name: rose, description: { en: 'It has thorns.' } },
      { id: 'tulip', name: { en: 'tulip' } },
    ]);
    expect({ warnings, leftOut }).toEqual({ warnings: [], leftOut: [] });
  });

  it('need not be there: a class is called like its folder', async () => {
    expect((await readDataset(folder.path)).labels).toEqual([
      { id: 'rose', name: { en: 'rose' } },
      { id: 'tulip', name: { en: 'tulip' } },
    ]);
  });

  it('finds a folder that macOS named in decomposed Unicode', async () => {
    await rename(folder.at('rose'), folder.at('장미'.normalize('NFD')));
    await folder.put('labels.json', JSON.stringify({ 장미: { name: rose }, tulip: { name: 'tulip' } }));

    const { labels, warnings } = await readDataset(folder.path);

    expect(labels.map(({ id, name }) => [id, name.en])).toContainEqual(['장미'.normalize('NFC'), 'rose']);
    expect(warnings).toEqual([]);
  });

  it('warns of classes that only one of file and folder know', async () => {
    await folder.put('labels.json', JSON.stringify({ rose: { name: rose }, tulp: { name: 'tulip' } }));

    expect((await readDataset(folder.path)).warnings).toEqual([
      `${folder.at('labels.json')} does not name "tulip"; the folder's name is shown.`,
      `${folder.at('labels.json')} names "tulp", and there is no such class folder.`,
    ]);
  });

  it.each([
    ['{', /is not JSON/],
    ['7', /: it must be an array or an object\.$/],
    ['[{"name":"a"}]', /: \[0\]\.id must be the name of a class folder\.$/],
    ['["rose"]', /: \[0\]\.id must be/],
    ['[{"id":"a","name":"a"},{"id":"a","name":"b"}]', /: it names "a" twice\.$/],
    ['{"rose":"Rose"}', /: "rose" must be an object with a name\.$/],
    ['{"rose":{}}', /: "rose"\.name must be a text or an object with "en"\.$/],
    ['{"rose":{"name":{"ko":"장미"}}}', /: "rose"\.name\.en must be a text\.$/],
    ['{"rose":{"name":"a","description":{"en":"a","ko":7}}}', /: "rose"\.description\.ko must be a text\.$/],
  ])('is refused with the place that is wrong: %s', async (json, message) => {
    await folder.put('labels.json', json);

    await expect(readDataset(folder.path)).rejects.toMatchObject({
      code: 'labels-invalid',
      message: expect.stringMatching(message),
    });
  });
});

describe('readTestData', () => {
  const labels = ['tulip', 'rose', 'aster'].map((id) => ({ id, name: { en: id } }));

  it('puts its classes in the order of the labels, and may lack some', async () => {
    const { counts, warnings, weights } = await readTestData(folder.path, labels);

    expect({ counts, weights }).toEqual({ counts: [11, 10, 0], weights: [1, 1, 1] });
    expect(warnings).toEqual(['The test data has no images of "aster".']);
  });

  it('refuses classes that are not trained, and data without images', async () => {
    await expect(readTestData(folder.path, labels.slice(1))).rejects.toMatchObject({
      code: 'unknown-class',
      message: expect.stringMatching(/"tulip"\.$/),
    });
    const empty = await PhotoFolder.create({ rose: 0 });
    await expect(readTestData(empty.path, labels)).rejects.toMatchObject({ code: 'too-few-images' });
    await empty.remove();
  });
});

describe('readTrainingAndTestData', () => {
  it('does not train on what it tests with, in whatever class', async () => {
    await folder.put('rose/10.jpg', await small(400));
    const test = await PhotoFolder.create({});
    await test.put('rose/a.jpg', await readFile(folder.at('rose/10.jpg')));
    await test.put('rose/b.jpg', await readFile(folder.at('tulip/0.jpg')));

    const both = await readTrainingAndTestData(folder.path, test.path);

    expect(both.training.counts).toEqual([10, 10]);
    expect(both.test.counts).toEqual([2, 0]);
    expect(both.training.leftOut.map(({ path, reason, message }) => [path, reason, message])).toEqual([
      ['rose/10.jpg', 'in-test-data', 'is the same picture as rose/a.jpg of the test data'],
      ['tulip/0.jpg', 'in-test-data', 'is the same picture as rose/b.jpg of the test data'],
    ]);
    await rm(folder.at('rose/0.jpg'));
    await expect(readTrainingAndTestData(folder.path, test.path)).rejects.toMatchObject({ code: 'too-few-images' });
    await test.remove();
  });
});

(existsSync(FLOWERS) ? describe : describe.skip)('with the flowers (needs ../shared/data/flowers)', () => {
  it('takes every photo', async () => {
    const { training, test } = await readTrainingAndTestData(join(FLOWERS, 'train'), join(FLOWERS, 'test'));

    expect(training.images).toHaveLength(1821);
    expect(test.images).toHaveLength(396);
    expect([...training.leftOut, ...test.leftOut, ...training.warnings, ...test.warnings]).toEqual([]);
  });
});

/** Checks a message that others wrote, and hands it back. */
function expectedMessage(leftOut: readonly { path: string; message: string }[], path: string, pattern: RegExp): string {
  const message = leftOut.find((entry) => entry.path === path)?.message ?? '';
  expect(message).toMatch(pattern);
  return message;
}

describe('readUnlabelledImages', () => {
  it('finds photos in all folders, and leaves out what is there twice or no image', async () => {
    await folder.put('stray.png', await small(300, 'png'));
    await folder.put('rose/deep/er/1.jpg', await small(301));
    await folder.put('rose/deep/twin.jpg', await small(301));
    await folder.put('NOTES.md', 'about');

    const { images, leftOut } = await readUnlabelledImages(folder.path);

    expect(images).toHaveLength(23);
    expect(images.map(({ path }) => path)).toEqual(expect.arrayContaining(['stray.png', 'rose/deep/er/1.jpg']));
    expect(leftOut).toEqual([
      { path: 'NOTES.md', reason: 'not-an-image', message: 'is not named .jpg, .jpeg, .png or .webp' },
      { path: 'rose/deep/twin.jpg', reason: 'duplicate', message: 'is the same picture as rose/deep/er/1.jpg' },
    ]);
  });
});

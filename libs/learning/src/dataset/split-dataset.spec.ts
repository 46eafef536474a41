import { createHash } from 'node:crypto';
import { Dataset, DatasetImage, datasetOf } from './dataset';
import { DatasetSplit, splitDataset } from './split-dataset';

const shares = { validation: 0.15, test: 0.1 };

describe('splitDataset', () => {
  it('gives each class its shares', () => {
    const split = splitDataset(imagesOf({ a: 10_000, b: 2000 }), shares);

    expect(sharesOf(split, 0)).toEqual({ train: close(0.75), validation: close(0.15), test: close(0.1) });
    expect(sharesOf(split, 1)).toEqual({ train: close(0.75), validation: close(0.15), test: close(0.1) });
  });

  it('puts every image into exactly one part', () => {
    const dataset = imagesOf({ a: 300, b: 40 });

    const { train, validation, test } = splitDataset(dataset, shares);

    expect(new Set([...train, ...validation, ...test])).toEqual(new Set(dataset.images));
    expect(train.length + validation.length + test.length).toBe(340);
  });

  it('leaves every image in its part when others come and go, and files are renamed', () => {
    const before = partsOf(splitDataset(imagesOf({ a: 500, b: 300 }), shares));

    const after = partsOf(splitDataset(imagesOf({ a: 200, aa: 100, b: 900 }, 'renamed'), shares));

    const common = [...before].filter(([sha256]) => after.has(sha256));
    expect(common).toHaveLength(200 + 300);
    expect(common.filter(([sha256, part]) => after.get(sha256) !== part)).toEqual([]);
  });

  it('gives every part an image of every class, however small, and trains on one', () => {
    const counts = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`class ${index}`, 10]));

    for (const extreme of [shares, { validation: 0.01, test: 0.01 }, { validation: 0.25, test: 0.25 }]) {
      const { train, validation, test } = splitDataset(imagesOf(counts), extreme);
      for (const part of [train, validation, test]) expect(new Set(part.map(({ label }) => label)).size).toBe(400);
    }
  });

  it('takes a lent image back only when the class has one of its own', () => {
    const few = partsOf(splitDataset(imagesOf({ a: 10 }), { validation: 0.01, test: 0 }));
    const many = partsOf(splitDataset(imagesOf({ a: 2000 }), { validation: 0.01, test: 0 }));

    const changed = [...few].filter(([sha256, part]) => many.get(sha256) !== part);
    expect([...few.values()].filter((part) => part === 'validation')).toHaveLength(1);
    expect(changed.every(([, part]) => part === 'validation')).toBe(true);
  });

  it('keeps the test part when only the share of validation changes', () => {
    const dataset = imagesOf({ a: 300, b: 300 });

    expect(splitDataset(dataset, { validation: 0.3, test: 0.1 }).test).toEqual(splitDataset(dataset, shares).test);
    expect(splitDataset(dataset, { validation: 0.3, test: 0 }).test).toEqual([]);
  });

  it('has a hash for who is where', () => {
    const dataset = imagesOf({ a: 100, b: 100 });
    const { hash } = splitDataset(dataset, shares);

    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(splitDataset(imagesOf({ a: 100, b: 100 }, 'renamed'), shares).hash).toBe(hash);
    expect(splitDataset(dataset, shares, 1).hash).not.toBe(hash);
    expect(splitDataset(imagesOf({ a: 101, b: 100 }), shares).hash).not.toBe(hash);
  });

  it.each([
    { validation: 0, test: 0.1 },
    { validation: 0.1, test: -0.1 },
    { validation: 0.3, test: 0.3 },
    { validation: NaN, test: 0 },
  ])('refuses %j', (wrong) => {
    expect(() => splitDataset(imagesOf({ a: 10 }), wrong)).toThrow(RangeError);
  });
});

/** So many made-up images a class; the first ones are always the same. */
function imagesOf(counts: Readonly<Record<string, number>>, prefix = 'photo'): Dataset {
  const labels = Object.keys(counts).map((id) => ({ id, name: { en: id } }));
  const images = Object.entries(counts).flatMap(([id, count], label) =>
    Array.from({ length: count }, (_, index): DatasetImage => {
      const path = `${id}/${prefix}-${index}.jpg`;
      return { file: path, path, label, sha256: createHash('sha256').update(`${id} ${index}`).digest('hex') };
    }),
  );
  return datasetOf({ folder: '.', labels, images, leftOut: [], warnings: [] }, { weigh: true });
}

function partsOf(split: DatasetSplit): Map<string, string> {
  const parts = ['train', 'validation', 'test'] as const;
  return new Map(parts.flatMap((part) => split[part].map(({ sha256 }) => [sha256, part])));
}

function sharesOf(split: DatasetSplit, label: number) {
  const count = (images: readonly DatasetImage[]) => images.filter((image) => image.label === label).length;
  const counts = { train: count(split.train), validation: count(split.validation), test: count(split.test) };
  const all = counts.train + counts.validation + counts.test;
  return { train: counts.train / all, validation: counts.validation / all, test: counts.test / all };
}

function close(share: number): unknown {
  return expect.closeTo(share, 1);
}

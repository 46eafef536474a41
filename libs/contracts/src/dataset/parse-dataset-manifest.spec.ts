import { DatasetManifest } from './dataset-manifest';
import { datasetPrefix, parseDatasetManifest } from './parse-dataset-manifest';

const MANIFEST: DatasetManifest = {
  ...{ format: 1, name: 'flowers', version: '0123456789abcdef', data: './' },
  ...{ test: 's3://photos/datasets/test/fedc/', images: 3, classes: { rose: 2, 'é 1': 1 } },
};
const parsed = (change: object) => parseDatasetManifest(JSON.stringify({ ...MANIFEST, ...change }));
const URI = 's3://photos/datasets/flowers/0123456789abcdef/dataset.json';

it('reads what is needed to learn from a version, and leaves the rest', () => {
  expect(parsed({ origin: { added: [] }, files: {} })).toEqual(MANIFEST);
  expect(parsed({ data: 's3://photos/', other: 's3://photos/a b/' })).toMatchObject({ other: 's3://photos/a b/' });
});

it('says where the photos lie', () => {
  expect(datasetPrefix(MANIFEST, URI)).toBe('s3://photos/datasets/flowers/0123456789abcdef/');
  expect(datasetPrefix(MANIFEST, 's3://photos/dataset.json')).toBe('s3://photos/');
  expect(datasetPrefix({ ...MANIFEST, data: 's3://others/x/' }, URI)).toBe('s3://others/x/');
  expect(() => datasetPrefix(MANIFEST, '/tmp/dataset.json')).toThrow('is not the S3 URI of a dataset.json');
});

it.each([
  [{ format: 2 }, '"format" must be 1'],
  [{ name: 'My Flowers' }, '"name" must be lower-case words'],
  [{ name: 'a'.repeat(64) }, 'of 63 letters at most'],
  [{ version: '../0' }, '"version" must be'],
  [{ data: 'photos/' }, '"data" must be "./" or like "s3://bucket/photos/"'],
  [{ data: 's3://photos/x' }, '"data" must be'],
  [{ test: './' }, '"test" must be like'],
  [{ other: 7 }, '"other" must be like'],
  [{ classes: [2, 1] }, '"classes" must hold the number'],
  [{ classes: { rose: '3' } }, '"classes" must hold the number'],
  [{ images: 4 }, '"images" must be 3'],
  [{ name: null, images: -1 }, /"name" must .*; "images" must/],
])('refuses %j, and says why', (change, message) => {
  expect(() => parsed(change)).toThrow(message);
});

it.each(['', '[]', 'null', '{"format":'])('refuses %j', (text) => {
  expect(() => parseDatasetManifest(text)).toThrow('dataset.json cannot be used: it is not a JSON object.');
});

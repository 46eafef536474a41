import { parseDatasetManifest } from '@app/contracts/dataset';
import { AcceptedPhoto, DataFile, DatasetPlan, planDataset } from './plan-dataset';

const [KEPT, SENT] = ['a'.repeat(64), 'b'.repeat(64)];
const DATA = [
  { path: 'rose/1.jpg', sha256: '1' },
  { path: 'tulip/1.PNG', sha256: '2' },
  { path: 'labels.json', sha256: '3' },
];
const accepted = (label: string, more: Partial<AcceptedPhoto> = {}): AcceptedPhoto => ({
  ...{ label, image: SENT, sha256: KEPT, feedback: ['f1'] },
  ...more,
});
const plan = (photos: readonly AcceptedPhoto[], tested: readonly string[] = [], data: readonly DataFile[] = DATA) =>
  planDataset({ name: 'flowers', data, tested: new Set(tested) }, photos);
/** What a version holds, as the data of the next one. */
const dataOf = ({ manifest }: DatasetPlan) =>
  Object.entries(manifest.files).map(([path, sha256]) => ({ path, sha256 }));

it('adds photos to their class, new ones too, under a name that follows from the contents', () => {
  const { files, manifest } = plan([accepted('aster')]);
  const path = `aster/feedback-${SENT}.jpg`;
  expect(manifest).toMatchObject({
    ...{ format: 1, name: 'flowers', data: './', images: 3, classes: { aster: 1, rose: 1, tulip: 1 } },
    origin: {
      parent: { images: 2 },
      feedback: [{ path, label: 'aster', image: SENT, feedback: ['f1'] }],
      added: [path],
    },
  });
  expect(parseDatasetManifest(JSON.stringify(manifest))).toMatchObject({ version: manifest.version });
  expect(files).toHaveLength(4);
  expect(manifest.files).toMatchObject({ 'labels.json': '3', [path]: KEPT });
  expect(plan([accepted('aster')]).manifest).toEqual(manifest);
  expect(plan([accepted('rose')]).manifest.version).not.toBe(manifest.version);
  expect(plan([]).manifest.version).toBe(manifest.origin.parent.version);
});

it('moves a file of the data that lies in another class, and adds none that is there already', () => {
  const moving = plan([accepted('rose', { image: '2' })]);
  expect(moving.manifest.origin).toMatchObject({
    added: [],
    moved: [{ from: 'tulip/1.PNG', to: 'rose/feedback-2.png' }],
  });
  expect(moving.manifest.classes).toEqual({ rose: 2 });
  expect(moving.files).toContainEqual({ path: 'rose/feedback-2.png', source: { data: 'tulip/1.PNG' } });
  expect(plan([accepted('tulip', { image: '2' })]).manifest.origin).toMatchObject({ added: [], moved: [] });
});

describe('going on from a version with photos from feedback', () => {
  const path = `aster/feedback-${SENT}.jpg`;
  const earlier = dataOf(plan([accepted('aster')]));

  it('keeps what is still accepted, and knows all feedback to it', () => {
    const { manifest } = plan([accepted('aster', { feedback: ['f2', 'f1'] })], [], earlier);
    expect(manifest.version).toBe(manifest.origin.parent.version);
    expect(manifest.origin).toMatchObject({ feedback: [{ path, feedback: ['f1', 'f2'] }], added: [], removed: [] });
  });

  it.each([
    ['taken back', [], { rose: 1, tulip: 1 }],
    ['put into another class', [accepted('rose')], { rose: 2, tulip: 1 }],
    [
      'kept with other bytes and put into another class',
      [accepted('rose', { sha256: 'c'.repeat(64) })],
      { rose: 2, tulip: 1 },
    ],
    ['accepted as two', [accepted('aster'), accepted('rose')], { rose: 1, tulip: 1 }],
  ])('has none that was %s', (_, photos, classes) => {
    const { manifest } = plan(photos, [], earlier);
    expect(manifest).toMatchObject({ classes, origin: { removed: [path] } });
    expect(manifest.files).not.toHaveProperty([path]);
  });

  it('keeps a photo of the data that feedback had moved', () => {
    const own = [...DATA, { path: 'aster/2.PNG', sha256: SENT }];
    const { manifest } = plan([accepted('rose')], [], own);
    const again = plan([], [], dataOf(plan([accepted('rose')], [], own)));
    expect(again.manifest.files).toEqual(manifest.files);
    expect(again.manifest.origin.removed).toEqual([]);
  });
});

it.each([
  ['the same photo in two files', [accepted('rose'), accepted('tulip', { image: 'c' })], [], 'as rose and tulip'],
  ['two labels', [accepted('rose'), accepted('tulip')], [], 'it was accepted as rose and tulip'],
  ['a test photo', [accepted('rose')], [SENT], 'it is in the test data'],
  ['a name that leads elsewhere', [accepted('../rose')], [], '"../rose" cannot be the name'],
  ['no class', [accepted('other')], [], '"other" is no class'],
])('leaves out %s, and says so', (_, photos, tested, reason) => {
  const { manifest, leftOut } = plan(photos, tested);
  expect(manifest.origin.feedback).toEqual([]);
  expect(leftOut[0]).toEqual({ image: SENT, reason: expect.stringContaining(reason) });
});

import { AcceptedPhoto, planDataset } from './plan-dataset';

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
const plan = (photos: readonly AcceptedPhoto[], tested: readonly string[] = []) =>
  planDataset('flowers', DATA, photos, new Set(tested));

it('adds photos to their class, new ones too, under a name that follows from the contents', () => {
  const { files, manifest } = plan([accepted('aster')]);
  expect(manifest).toMatchObject({
    parent: { photos: 2 },
    added: [{ path: `aster/feedback-${SENT}.jpg`, label: 'aster', image: SENT, feedback: ['f1'] }],
    classes: { aster: 1, rose: 1, tulip: 1 },
  });
  expect(files).toHaveLength(4);
  expect(plan([accepted('aster')]).manifest).toEqual(manifest);
  expect(plan([accepted('rose')]).manifest.hash).not.toBe(manifest.hash);
  expect(plan([]).manifest.hash).toBe(manifest.parent.hash);
});

it('moves a file of the data that lies in another class, and adds none that is there already', () => {
  const { manifest, files } = plan([accepted('rose', { image: '2' })]);
  expect(manifest).toMatchObject({ added: [], moved: [{ from: 'tulip/1.PNG', to: 'rose/feedback-2.png' }] });
  expect(manifest.classes).toEqual({ rose: 2 });
  expect(files).toContainEqual({ path: 'rose/feedback-2.png', source: { data: 'tulip/1.PNG' } });
  expect(plan([accepted('tulip', { image: '2' })]).manifest).toMatchObject({ added: [], moved: [] });
});

it.each([
  ['two labels', [accepted('rose'), accepted('tulip')], [], 'it was accepted as rose and tulip'],
  ['a test photo', [accepted('rose')], [SENT], 'it is in the test data'],
  ['a name that leads elsewhere', [accepted('../rose')], [], '"../rose" cannot be the name'],
  ['no class', [accepted('other')], [], '"other" is no class'],
])('leaves out %s, and says so', (_, photos, tested, reason) => {
  const { manifest, leftOut } = plan(photos, tested);
  expect(manifest.added).toEqual([]);
  expect(leftOut[0]).toEqual({ image: SENT, reason: expect.stringContaining(reason) });
});

import { findHandled, orphansAmong } from './handled-photos';

const [ONE, TWO] = ['a'.repeat(64), 'b'.repeat(64)];

it('finds photos that were accepted or rejected by hand', () => {
  const { photos, ignored } = findHandled([
    `accepted/ro\u0308se/${ONE}.jpg`,
    `rejected/${TWO}.jpg`,
    ...['accepted/', 'accepted/rose/', 'accepted/rose/.DS_Store', `images/${ONE}.jpg`, 'acceptedly/x'],
  ]);
  expect(photos.get(ONE)?.review).toEqual({ decision: 'accepted', label: 'r\u00f6se' });
  expect(photos.get(TWO)?.review).toEqual({ decision: 'rejected', label: null });
  expect([photos.size, ignored]).toEqual([2, []]);
});

it.each([
  'accepted/rose/IMG_1.jpg',
  `accepted/rose/${ONE}.jpeg`,
  `accepted/${ONE}.jpg`,
  `accepted//${ONE}.jpg`,
  `accepted/rose/red/${ONE}.jpg`,
  `rejected/rose/${ONE}.jpg`,
  `rejected/${ONE}`,
])('says that %s counts as nothing', (key) => {
  const { photos, ignored } = findHandled([key]);
  expect([photos.size, ignored]).toEqual([
    0,
    [{ key, reason: expect.stringContaining('expected is accepted/<class>/') }],
  ]);
});

it.each([`accepted/tulip/${ONE}.jpg`, `rejected/${ONE}.jpg`])(
  'takes no side between accepted/rose/ and %s',
  (other) => {
    const { photos, ignored } = findHandled([`accepted/rose/${ONE}.jpg`, other]);
    expect(photos.get(ONE)).toEqual({ key: `accepted/rose/${ONE}.jpg` });
    expect(ignored).toEqual([
      { key: `accepted/rose/${ONE}.jpg`, reason: expect.stringContaining(`lies in ${other} too`) },
      { key: other, reason: expect.stringContaining(`lies in accepted/rose/${ONE}.jpg too`) },
    ]);
  },
);

it('says which belong to no feedback', () => {
  const { photos } = findHandled([`accepted/rose/${ONE}.jpg`, `rejected/${TWO}.jpg`]);
  expect(orphansAmong(photos, new Set([ONE]))).toEqual([
    { key: `rejected/${TWO}.jpg`, reason: expect.stringContaining('no feedback with consent names it') },
  ]);
});

import { FeedbackRecord } from '@app/contracts/feedback';
import { FakeObjectStore } from './fake-object-store';
import { FeedbackStore } from './feedback-store';

const SHA = 'ab'.repeat(32);
const PHOTO = Buffer.from('the photo');
const PHOTO_KEY = `images/${SHA}.jpg`;
const RECORD_KEY = '2026-11-20/one.json';

function record(id: string, image: string | null = SHA): FeedbackRecord {
  return {
    schemaVersion: 1,
    id,
    classifiedAt: '2026-11-20T23:59:59.000Z',
    at: '2026-11-21T08:00:00.000Z',
    model: { name: 'shapes', version: '1.0.0' },
    decision: 'label',
    said: 'circle',
    right: false,
    label: 'square',
    consent: image !== null,
    image,
  };
}

const key = (id: string) => ({ id, classifiedAt: record(id).classifiedAt, imageSha256: SHA });

describe('FeedbackStore', () => {
  let objects: FakeObjectStore;
  let store: FeedbackStore;

  beforeEach(() => {
    objects = new FakeObjectStore();
    store = new FeedbackStore(objects);
  });

  const references = () => objects.keys.filter((each) => each.includes('.refs/'));

  it('keeps a record under the day of its answer, and the photo for it', async () => {
    expect(await store.add(record('one'), PHOTO)).toBe(true);

    expect(JSON.parse(String(objects.objects.get(RECORD_KEY)))).toEqual(record('one'));
    expect(objects.objects.get(PHOTO_KEY)).toEqual(PHOTO);
    expect(references()).toEqual([expect.stringMatching(/^images\/(ab){32}\.refs\/one\.[0-9a-f-]{36}$/)]);
  });

  it('keeps a record alone when there is no photo', async () => {
    expect(await store.add(record('one', null), undefined)).toBe(true);
    expect(objects.keys).toEqual([RECORD_KEY]);
  });

  it('takes feedback to an answer once, and keeps no photo of what it refuses', async () => {
    await store.add(record('one', null), undefined);
    expect(await store.add(record('one'), PHOTO)).toBe(false);
    expect(objects.keys).toEqual([RECORD_KEY]);
  });

  it('takes one of many that come at once, photo and all', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => store.add(record('one'), PHOTO)));

    expect(results.filter(Boolean)).toHaveLength(1);
    expect(objects.keys).toEqual([RECORD_KEY, PHOTO_KEY, ...references()]);
    expect(references()).toHaveLength(1);
  });

  it('keeps a photo once for all records that need it, and until the last of them is gone', async () => {
    await store.add(record('one'), PHOTO);
    await store.add(record('two'), PHOTO);
    expect(objects.keys.filter((each) => each.endsWith('.jpg'))).toEqual([PHOTO_KEY]);

    expect(await store.remove(key('one'))).toBe(true);
    expect(objects.keys).toEqual(['2026-11-20/two.json', PHOTO_KEY, ...references()]);

    expect(await store.remove(key('two'))).toBe(true);
    expect(objects.keys).toEqual([]);
    expect(await store.remove(key('two'))).toBe(false);
  });

  it('removes what a person made of the photo to accept or reject it, with the last record', async () => {
    const moved = (key: string) => objects.create(key, PHOTO);
    await store.add(record('one'), PHOTO);
    await store.add(record('two'), PHOTO);
    await Promise.all([moved(`accepted/r\u00f6se (2)/${SHA}.jpg`), moved(`accepted/tulip/${SHA}.jpg`)]);
    await Promise.all([moved(`rejected/${SHA}.jpg`), moved(`accepted/tulip/${'cd'.repeat(32)}.jpg`)]);
    await objects.remove(PHOTO_KEY);
    const copies = objects.keys.filter((each) => /^(accepted|rejected)/.test(each));
    await store.remove(key('one'));
    expect(objects.keys).toEqual(expect.arrayContaining(copies));
    await store.remove(key('two'));
    expect(objects.keys).toEqual([`accepted/tulip/${'cd'.repeat(32)}.jpg`]);
  });

  it('puts a photo back when somebody came for it just as it went', async () => {
    await store.add(record('one'), PHOTO);
    let adding: Promise<boolean> | undefined;
    objects.beforeChange = async (each, change) => {
      if (each !== PHOTO_KEY || change !== 'remove' || adding !== undefined) return;
      adding = store.add(record('two'), PHOTO);
      await adding; // finds the photo, and does not write it
    };

    await store.remove(key('one'));

    expect(await adding).toBe(true);
    expect(objects.keys).toEqual(['2026-11-20/two.json', PHOTO_KEY, ...references()]);
    expect(objects.objects.get(PHOTO_KEY)).toEqual(PHOTO);
  });

  describe.each([['reference'], ['photo'], ['record']] as const)('when the %s cannot be written', (what) => {
    const isIt = (each: string) =>
      ({ reference: each.includes('.refs/'), photo: each === PHOTO_KEY, record: each === RECORD_KEY })[what];
    const failing = (each: string, change: string) => {
      if (change === 'create' && isIt(each)) throw new Error('ENOSPC');
    };

    it('keeps nothing, and takes the feedback when it comes again', async () => {
      objects.beforeChange = failing;
      await expect(store.add(record('one'), PHOTO)).rejects.toThrow('ENOSPC');
      expect(objects.keys).toEqual([]);

      objects.beforeChange = () => undefined;
      expect(await store.add(record('one'), PHOTO)).toBe(true);
    });

    it('leaves the photo to others who need it', async () => {
      await store.add(record('two'), PHOTO);
      const before = objects.keys;
      objects.beforeChange = failing;
      await expect(store.add(record('one'), PHOTO)).rejects.toThrow('ENOSPC');
      expect(objects.keys).toEqual(before);
    });

    it('leaves it to the next feedback, or to its deletion, when nothing can be removed either', async () => {
      objects.beforeChange = (each, change) => {
        failing(each, change);
        if (change === 'remove') throw new Error('gone');
      };
      await expect(store.add(record('one'), PHOTO)).rejects.toThrow('ENOSPC');

      objects.beforeChange = () => undefined;
      const hadLeft = references().length > 0;
      expect(await store.remove(key('one'))).toBe(hadLeft);
      expect(objects.keys).toEqual([]);
    });
  });

  it('keeps the photo of a record that came to be although its writing seemed to fail', async () => {
    const create = objects.create.bind(objects);
    objects.create = async (each, bytes) => {
      const isNew = await create(each, bytes);
      if (each === RECORD_KEY) throw new Error('the answer was lost');
      return isNew;
    };

    await expect(store.add(record('one'), PHOTO)).rejects.toThrow('the answer was lost');

    expect(objects.keys).toEqual([RECORD_KEY, PHOTO_KEY, ...references()]);
  });
});

// Feedback and dataset versions in S3: against moto, an imitation by other people, and against a server that refuses.
import { parseDatasetManifest } from '@app/contracts/dataset';
import { FeedbackRecord, feedbackPhotoKey, feedbackRecordKey } from '@app/contracts/feedback';
import { CreateBucketCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { hasMoto, Moto, startMoto } from '../../../test/support/moto';
import { S3ObjectStore } from '../src/adapters/s3-object-store';
import { DatasetService } from '../src/feedback/dataset.service';
import { FeedbackService } from '../src/feedback/feedback.service';
import { forEachAtOnce } from '../src/storage/for-each-at-once';

const SERVICE = { name: 'S3', isLocal: false };
/** S3 lists a thousand at a time. */
const MORE_THAN_A_PAGE = 1003;
const imageOf = (number: number) => String(number).padStart(64, '0');
const nothing = () => undefined;

function recordOf(number: number): FeedbackRecord {
  return {
    ...{ schemaVersion: 1, id: `01234567-89ab-4def-8123-${String(number).padStart(12, '0')}` },
    ...{ classifiedAt: '2026-11-20T10:00:00Z', at: '2026-11-20T10:01:00Z' },
    ...{ model: { name: 'flowers', version: '2.0.0' }, decision: 'label', said: 'rose', right: false },
    ...{ label: null, consent: true, image: imageOf(number) },
  };
}

(hasMoto ? describe : describe.skip)('a bucket of moto (skipped where there is no moto_server)', () => {
  let moto: Moto;
  let s3: S3Client;
  let store: S3ObjectStore;
  let service: FeedbackService;
  let datasets: DatasetService;
  let buckets = 0;

  beforeAll(async () => {
    moto = await startMoto();
    s3 = new S3Client(moto.clientOptions);
  });
  afterAll(() => {
    s3.destroy();
    moto.stop();
  });
  beforeEach(async () => {
    buckets += 1;
    const bucket = `photos-${buckets}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    store = new S3ObjectStore(s3, SERVICE, bucket);
    service = new FeedbackService(store, `${store.root}/feedback/`);
    datasets = new DatasetService(store, undefined);
    for (const path of ['rose/1.jpg', 'tulip/1.jpg']) await put(`photos/${path}`, path);
  });

  const put = (key: string, text: string) => store.write(`${store.root}/${key}`, Buffer.from(text));
  const remove = (key: string) =>
    s3.send(new DeleteObjectCommand({ Bucket: store.root.slice('s3://'.length), Key: key }));
  async function give(number: number): Promise<void> {
    await put(`feedback/${feedbackRecordKey(recordOf(number))}`, JSON.stringify(recordOf(number)));
    await put(`feedback/${feedbackPhotoKey(imageOf(number))}`, `photo ${number}`);
  }
  const make = async (data = `${store.root}/photos`) => datasets.make({ data }, (await service.find()).items, nothing);

  it('is read to its end, by names that people give', async () => {
    await give(1);
    const keys = Array.from({ length: MORE_THAN_A_PAGE }, (_, at) => `feedback/images/${imageOf(9)}.refs/${at}`);
    await forEachAtOnce(keys, 16, (key) => put(key, ''));
    const odd = `feedback/accepted/r\u00f6se (2) +&%20/${imageOf(1)}.jpg`;
    await put(odd, 'photo 1');
    await remove(`feedback/${feedbackPhotoKey(imageOf(1))}`); // moved
    const { items, ignored } = await service.find();
    expect(items).toMatchObject([
      { photo: `${store.root}/${odd}`, review: { decision: 'accepted', label: 'r\u00f6se (2) +&%20' } },
    ]);
    expect(ignored).toEqual([]);
    expect((await store.list(`${store.root}/feedback/`)).length).toBe(MORE_THAN_A_PAGE + 2);
    expect(Buffer.from((await service.photoBytes(items[0]?.photo ?? '')) ?? []).toString()).toBe('photo 1');
  });

  it('gets a version whole before its manifest, once, also when two make it at once', async () => {
    await give(1);
    await put(`feedback/accepted/aster/${imageOf(1)}.jpg`, 'photo 1');
    const made = await Promise.all([make(), make()]);
    expect(made.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    expect((await make()).isNew).toBe(false);
    const { place, manifest } = made[0];
    expect(place).toBe(`${store.root}/datasets/photos/${manifest.version}/`);
    const kept = await store.read(`${place}dataset.json`);
    expect(parseDatasetManifest(Buffer.from(kept ?? []).toString())).toMatchObject({
      ...{ name: 'photos', data: './', images: 3, classes: { aster: 1, rose: 1, tulip: 1 } },
    });
    expect(await store.list(place)).toEqual(
      [`aster/feedback-${imageOf(1)}.jpg`, 'dataset.json', 'rose/1.jpg', 'tulip/1.jpg'].map(
        (name) => `${place}${name}`,
      ),
    );
  });

  it('has nothing of what was taken back in a version that goes on from one with it', async () => {
    for (const number of [1, 2]) {
      await give(number);
      await put(`feedback/accepted/rose/${imageOf(number)}.jpg`, `photo ${number}`);
    }
    const first = await make();
    expect(first.manifest.classes).toEqual({ rose: 3, tulip: 1 });
    await remove(`feedback/${feedbackRecordKey(recordOf(1))}`);
    await remove(`feedback/${feedbackPhotoKey(imageOf(1))}`);
    const second = await make(first.place);
    expect(second.manifest).toMatchObject({
      ...{ name: 'photos', classes: { rose: 2, tulip: 1 } },
      origin: {
        ...{ feedback: [{ image: imageOf(2), feedback: [recordOf(2).id] }], added: [] },
        removed: [`rose/feedback-${imageOf(1)}.jpg`],
      },
    });
    expect((await store.list(second.place)).filter((uri) => uri.includes(imageOf(1)))).toEqual([]);
    expect((await service.find()).ignored).toMatchObject([{ reason: expect.stringContaining('no feedback') }]);
  });

  it('goes on where an upload was interrupted', async () => {
    await give(1);
    await put(`feedback/accepted/rose/${imageOf(1)}.jpg`, 'photo 1');
    const { place } = await make();
    const key = place.slice(`${store.root}/`.length);
    await remove(`${key}dataset.json`);
    await remove(`${key}rose/1.jpg`);
    expect((await make()).isNew).toBe(true);
    expect((await store.list(place)).length).toBe(4);
  });

  it('is called by its name when it does not exist', async () => {
    const elsewhere = new FeedbackService(store, 's3://no-such/feedback/');
    await expect(elsewhere.find()).rejects.toThrow(
      'The bucket no-such does not exist. Check the option with s3://no-such/ and the region.',
    );
    await expect(datasets.make({ data: 's3://no-such/photos' }, [], nothing)).rejects.toThrow('The bucket no-such');
    await expect(datasets.make({ data: `${store.root}/nowhere` }, [], nothing)).rejects.toThrow('holds nothing');
    await expect(datasets.make({ data: store.root + '/photos/rose' }, [], nothing)).rejects.toThrow(
      'The version would hold no photos in class folders: two classes are needed',
    );
  });
});

describe('an S3 that refuses', () => {
  let server: Server;
  let s3: S3Client;
  let refuse: (response: ServerResponse) => void;
  let tries: number;

  beforeEach(async () => {
    tries = 0;
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        tries += 1;
        refuse(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    s3 = new S3Client({
      ...{ endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', forcePathStyle: true, maxAttempts: 2 },
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  afterEach(async () => {
    s3.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const answer = (status: number, code: string, message: string) => (response: ServerResponse) =>
    void response.writeHead(status).end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);

  it.each([
    [
      '403',
      answer(403, 'AccessDenied', 'Access Denied'),
      1,
      'S3 refuses access: Access Denied. Ask for that permission',
    ],
    [
      '503',
      answer(503, 'SlowDown', 'Please reduce your request rate.'),
      2,
      'S3 gets too many requests from this account',
    ],
    ['a lost connection', (response: ServerResponse) => void response.destroy(), 2, 'S3 cannot be reached'],
    [
      'another region',
      answer(301, 'PermanentRedirect', 'Use the endpoint.'),
      1,
      'Set AWS_REGION to that of the bucket.',
    ],
  ])('says what to do on %s, after as many tries as make sense', async (_, how, expected, sentence) => {
    refuse = how;
    const store = new S3ObjectStore(s3, SERVICE, 'photos');
    for (const act of [
      () => store.list('s3://photos/feedback/'),
      () => store.read('s3://photos/feedback/x.json'),
      () => store.write('s3://photos/feedback/x.json', Buffer.from('{}')),
      () => store.create('s3://photos/feedback/x.json', Buffer.from('{}')),
    ]) {
      tries = 0;
      await expect(act()).rejects.toThrow(sentence);
      expect(tries).toBe(expected);
    }
  });

  it('creates an object although somebody else was creating it, and tells who was first', async () => {
    const store = new S3ObjectStore(s3, SERVICE, 'photos');
    const conflict = answer(409, 'ConditionalRequestConflict', 'Try again.');
    refuse = (response) => {
      if (tries === 1) conflict(response);
      else response.end();
    };
    expect(await store.create('s3://photos/dataset.json', Buffer.from('{}'))).toBe(true);
    refuse = answer(412, 'PreconditionFailed', 'It is there.');
    expect(await store.create('s3://photos/dataset.json', Buffer.from('{}'))).toBe(false);
  });
});

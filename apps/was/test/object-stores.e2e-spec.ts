// Where feedback is kept, for real: files, and a bucket of moto, an imitation of S3 by other people. Both must do the same.
import { FeedbackRecord } from '@app/contracts/feedback';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../test/support/conditions';
import { FeedbackStore } from '../src/feedback/feedback-store';
import { FolderObjectStore } from '../src/feedback/folder-object-store';
import { ObjectStore } from '../src/feedback/object-store.port';
import { S3ObjectStore } from '../src/feedback/s3-object-store';

const hasMoto = spawnSync('moto_server', ['--help']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'object-stores-'));

/** S3 lists a thousand at a time. */
const MORE_THAN_A_PAGE = 1003;

const SHA = 'cd'.repeat(32);
const PHOTO = Buffer.from('the photo');

const RECORD: FeedbackRecord = {
  schemaVersion: 1,
  id: '0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d11',
  classifiedAt: '2026-11-20T12:00:00.000Z',
  at: '2026-11-20T12:01:00.000Z',
  model: { name: 'shapes', version: '1.0.0' },
  decision: 'label',
  said: 'circle',
  right: true,
  label: null,
  consent: true,
  image: SHA,
};
const RECORD_KEY = `2026-11-20/${RECORD.id}.json`;
const KEY = { ...RECORD, imageSha256: SHA };

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function useS3(endpoint: string): void {
  process.env['AWS_ENDPOINT_URL_S3'] = endpoint;
  process.env['AWS_REGION'] = 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
}

function behavesAsAnObjectStore(open: () => ObjectStore): void {
  let objects: ObjectStore;
  beforeEach(() => (objects = open()));

  it('gives back what it was given, whole', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 256));
    expect(await objects.create('a/b.jpg', bytes)).toBe(true);
    expect((await objects.read('a/b.jpg'))?.equals(bytes)).toBe(true);
    expect(await objects.read('a/c.jpg')).toBeUndefined();
    expect(await objects.read('nowhere/c.jpg')).toBeUndefined();
  });

  it('replaces nothing, also when many come at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, at) => objects.create('once/one.json', Buffer.from(String(at)))),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(String(await objects.read('once/one.json'))).toBe(String(results.indexOf(true)));
    expect(await objects.create('once/one.json', Buffer.from('later'))).toBe(false);
  });

  it('lists by prefix, within names too', async () => {
    for (const key of ['l/x.refs/one.1', 'l/x.refs/one.2', 'l/x.refs/two.1', 'l/x.jpg']) {
      await objects.create(key, Buffer.alloc(0));
    }
    expect([...(await objects.list('l/x.refs/one.'))].sort()).toEqual(['l/x.refs/one.1', 'l/x.refs/one.2']);
    expect(await objects.list('l/x.refs/')).toHaveLength(3);
    expect(await objects.list('nowhere/')).toEqual([]);
  });

  it('lists what lies deeper, by whatever name a person has given it', async () => {
    const keys = ['d/r\u00f6se (2)/+ %25&=.jpg', 'd/tulip/1.jpg', 'd/tulip/deeper/2.jpg'];
    for (const key of keys) await objects.create(key, PHOTO);
    expect([...(await objects.list('d/'))].sort()).toEqual(keys);
    for (const key of keys) {
      expect(await objects.read(key)).toEqual(PHOTO);
      await objects.remove(key);
    }
    expect(await objects.list('d/')).toEqual([]);
  });

  it('removes, and does not mind what is not there', async () => {
    await objects.create('r/one.json', Buffer.from('1'));
    await objects.remove('r/one.json');
    await objects.remove('r/one.json');
    await objects.remove('nowhere/one.json');
    expect(await objects.read('r/one.json')).toBeUndefined();
    expect(await objects.create('r/one.json', Buffer.from('2'))).toBe(true);
  });

  it('keeps feedback with its photo, once, until it is taken back', async () => {
    const store = new FeedbackStore(objects);

    const results = await Promise.all([1, 2, 3].map(() => store.add(RECORD, PHOTO)));

    expect(results.filter(Boolean)).toHaveLength(1);
    expect(JSON.parse(String(await objects.read(RECORD_KEY)))).toEqual(RECORD);
    expect(await objects.read(`images/${SHA}.jpg`)).toEqual(PHOTO);
    expect(await objects.list(`images/${SHA}.refs/`)).toHaveLength(1);
    await objects.create(`accepted/tulip/${SHA}.jpg`, PHOTO);
    expect(await store.remove(KEY)).toBe(true);
    expect(await objects.list('images/')).toEqual([]);
    expect(await objects.list('2026-11-20/')).toEqual([]);
    expect(await objects.list('accepted/')).toEqual([]);
    expect(await store.remove(KEY)).toBe(false);
  });
}

describe('a folder', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(folder, 'root-'))));
  behavesAsAnObjectStore(() => new FolderObjectStore(root));

  it('is left empty when all is taken back, and takes more while folders come and go', async () => {
    const objects = new FolderObjectStore(root);
    await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        await objects.create(`day/${at}.json`, Buffer.from('{}'));
        await objects.remove(`day/${at}.json`);
      }),
    );
    expect(readdirSync(root)).toEqual(['.incoming']);
    expect(readdirSync(join(root, '.incoming'))).toEqual([]);
  });

  it('throws away what a killed process was writing long ago, and nothing younger', async () => {
    const incoming = join(root, '.incoming');
    mkdirSync(incoming, { recursive: true });
    for (const name of ['old', 'young']) writeFileSync(join(incoming, name), 'half a photo');
    utimesSync(join(incoming, 'old'), new Date(0), new Date(0));

    await new FolderObjectStore(root).create('a/b', Buffer.alloc(0));

    expect(readdirSync(incoming)).toEqual(['young']);
  });

  it('does not take a file in its way for an object that is there', async () => {
    writeFileSync(join(root, 'images'), 'in the way');
    await expect(new FolderObjectStore(root).create('images/a.jpg', PHOTO)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  describe('whose process is killed between photo and record', () => {
    function storeUntilKilled(): void {
      const script = join(__dirname, 'support', 'dying-feedback-process.js');
      const { signal } = spawnSync(process.execPath, [script, root, RECORD_KEY, JSON.stringify(RECORD), String(PHOTO)]);
      expect(signal).toBe('SIGKILL');
      expect(readFileSync(join(root, 'images', `${SHA}.jpg`))).toEqual(PHOTO);
      expect(existsSync(join(root, RECORD_KEY))).toBe(false);
    }

    it('has it completed by the same feedback', async () => {
      storeUntilKilled();
      const store = new FeedbackStore(new FolderObjectStore(root));
      expect(await store.add(RECORD, PHOTO)).toBe(true);
      expect(readFileSync(join(root, 'images', `${SHA}.jpg`))).toEqual(PHOTO);
      expect(await store.remove(KEY)).toBe(true);
      expect(readdirSync(root)).toEqual(['.incoming']);
    });

    it('has it removed by the deletion of feedback that never came to be', async () => {
      storeUntilKilled();
      expect(await new FeedbackStore(new FolderObjectStore(root)).remove(KEY)).toBe(true);
      expect(readdirSync(root)).toEqual(['.incoming']);
    });
  });
});

(hasMoto ? describe : describe.skip)('a bucket of moto (skipped where there is no moto_server)', () => {
  let moto: ChildProcess;
  let open: S3ObjectStore[] = [];
  let prefixes = 0;

  beforeAll(async () => {
    moto = spawn('moto_server', ['--host', '127.0.0.1', '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    moto.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => /Running on (http:\S+)/.test(said));
    useS3(/Running on (http:\S+)/.exec(said)?.[1] ?? '');
    const s3 = new S3Client();
    await s3.send(new CreateBucketCommand({ Bucket: 'feedback-bucket' }));
    s3.destroy();
  });

  afterEach(() => {
    for (const objects of open) objects.onApplicationShutdown();
    open = [];
  });

  afterAll(() => {
    moto.kill('SIGKILL');
  });

  behavesAsAnObjectStore(() => {
    const objects = new S3ObjectStore('feedback-bucket', `feedback-${prefixes++}/`);
    open.push(objects);
    return objects;
  });

  it('is listed to its end, however many objects it holds', async () => {
    const objects = new S3ObjectStore('feedback-bucket', 'many/');
    open.push(objects);
    const keys = Array.from({ length: MORE_THAN_A_PAGE }, (_, at) => `accepted/rose/${at}.jpg`);
    for (let at = 0; at < keys.length; at += 20) {
      await Promise.all(keys.slice(at, at + 20).map((key) => objects.create(key, Buffer.alloc(0))));
    }
    expect(new Set(await objects.list('accepted/'))).toEqual(new Set(keys));
  });

  it('that does not exist is an error, not an empty one', async () => {
    const objects = new S3ObjectStore('no-such-bucket', '');
    open.push(objects);
    await expect(objects.read('a')).rejects.toThrow(/bucket/i);
    await expect(objects.create('a', PHOTO)).rejects.toThrow(/bucket/i);
  });
});

describe('a bucket whose answer to the first write is lost', () => {
  let server: Server;
  let objects: S3ObjectStore;
  const stored = new Map<string, IncomingMessage['headers']>();
  const isAsked = new Set<string>();

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        const path = (request.url ?? '').replace(/\?.*/, '');
        const found = stored.get(path);
        const attempt = found?.['x-amz-meta-attempt'];
        if (!isAsked.has(path) && path.endsWith('/conflict.json')) {
          isAsked.add(path);
          response.writeHead(409).end('<Error><Code>ConditionalRequestConflict</Code></Error>');
        } else if (request.method === 'HEAD') {
          response.writeHead(200, { 'x-amz-meta-attempt': String(attempt) }).end();
        } else if (found !== undefined) {
          response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
        } else {
          stored.set(path, request.headers);
          request.socket.destroy();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    useS3(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // a TCP server that listens has an AddressInfo
    objects = new S3ObjectStore('feedback-bucket', 'feedback/');
  });

  afterAll(async () => {
    objects.onApplicationShutdown();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('knows what it wrote itself from what others wrote', async () => {
    expect(await objects.create('a.json', PHOTO)).toBe(true);
    expect(await objects.create('a.json', PHOTO)).toBe(false);
    expect([...stored.values()].map((headers) => headers['if-none-match'])).toEqual(['*']);
  });

  it('tries again when S3 asks for it, because the object was removed at that moment', async () => {
    expect(await objects.create('conflict.json', PHOTO)).toBe(true);
    expect(isAsked.size).toBe(1);
  });
});

// The state in S3, against moto_server, which answers as S3 does.
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { findFreePort } from '@app/sagemaker-local';
import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../../../test/support/conditions';
import { S3StateStore } from '../src/state/s3-state-store';

const hasMoto = spawnSync('moto_server', ['--help']).status === 0;
const describeWithMoto = hasMoto ? describe : describe.skip;
if (!hasMoto) console.warn('skipped: moto_server is not installed');

describeWithMoto('S3StateStore', () => {
  let moto: ChildProcess;

  beforeAll(async () => {
    const port = String(await findFreePort());
    moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', port], { stdio: 'ignore' });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/moto-api/`).then(
        () => true,
        () => false,
      );
    await until(answers);
    await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'state' }));
  });

  afterAll(async () => {
    moto.kill('SIGKILL');
    await once(moto, 'close');
  });

  it('keeps parts below its prefix', async () => {
    const store = new S3StateStore('s3://state/monitor/');

    expect(await store.list()).toEqual([]);
    expect(await store.load('one')).toBeUndefined();
    const before = await store.save('one', 'first');
    const after = await store.save('one', 'second');

    expect(await store.load('one')).toBe('second');
    expect(await store.list()).toEqual([{ name: 'one', version: after }]);
    expect(after).not.toBe(before);
    expect(await new S3StateStore('s3://state/elsewhere').list()).toEqual([]);
  });

  it('puts a part out of the way', async () => {
    const store = new S3StateStore('s3://state');
    await store.save('two', 'nonsense');

    expect(await store.setAside('two')).toMatch(/^s3:\/\/state\/two\.json\.damaged-\d+$/);
    expect(await store.list()).toEqual([]);
  });

  it('says that a bucket is not there', async () => {
    await expect(new S3StateStore('s3://missing').load('one')).rejects.toThrow('bucket');
  });
});

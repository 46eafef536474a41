// Against moto, an imitation of AWS by other people: our own scripted server could share our mistakes. It runs no step and lacks
// ListPipelineExecutionSteps, so that a run is started, and not followed.
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateModelPackageCommand, CreateModelPackageGroupCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { hasMoto, Moto, startMoto } from '../../../test/support/moto';
import { SageMakerPipelines } from '../src/adapters/sagemaker-pipelines';
import { SageMakerRegistry } from '../src/adapters/sagemaker-registry';
import { S3ObjectStore } from '../src/adapters/s3-object-store';
import { photoFolder } from './support/command-line';

const SERVICE = { name: 'moto', isLocal: false };
const ROLE = 'arn:aws:iam::123456789012:role/pipeline';

(hasMoto ? describe : describe.skip)('moto (skipped where there is no moto_server)', () => {
  let moto: Moto;
  let s3: S3Client;
  let sageMaker: SageMakerClient;

  beforeAll(async () => {
    moto = await startMoto();
    sageMaker = new SageMakerClient(moto.clientOptions);
    s3 = new S3Client(moto.clientOptions);
  });
  afterAll(() => {
    moto.stop();
    sageMaker.destroy();
    s3.destroy();
  });

  it('keeps the photos of a folder, once', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
    const store = new S3ObjectStore(s3, SERVICE, 'photos');
    const said: string[] = [];
    const folder = photoFolder();
    const prefix = await store.provideFolder(folder, (sentence) => said.push(sentence));
    expect(await store.provideFolder(folder, (sentence) => said.push(sentence))).toBe(prefix);
    expect(said).toEqual([expect.stringContaining('3 of 3 files uploaded'), expect.stringContaining('all 3 files')]);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'photos' }));
    expect(Contents.map(({ Key }) => `s3://photos/${Key ?? ''}`)).toEqual(
      ['rose/1.jpg', 'rose/2.jpg', 'tulip/1.png'].map((name) => `${prefix}${name}`),
    );
    expect(Buffer.from((await store.read(`${prefix}rose/1.jpg`)) ?? []).toString()).toBe('rose/1.jpg');
    expect(await store.read(`${prefix}rose/9.jpg`)).toBeUndefined();

    await store.markEmpty('s3://photos/nothing/');
    await store.markEmpty(prefix);
    expect(await store.holdsSomething('s3://photos/nothing/')).toBe(true);
    expect((await s3.send(new ListObjectsV2Command({ Bucket: 'photos' }))).KeyCount).toBe(4);
    await expect(new S3ObjectStore(s3, SERVICE, 'no-such').provideFolder(folder, () => undefined)).rejects.toThrow(
      'The bucket no-such does not exist. Check --bucket (or PIPELINE_BUCKET) and the region.',
    );
  });

  it('has versions, which are approved with a note', async () => {
    const registry = new SageMakerRegistry(sageMaker, SERVICE, 'image-classifier');
    expect(await registry.list()).toEqual([]);
    await sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'image-classifier' }));
    for (const model of ['a', 'b']) {
      await sageMaker.send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: 'image-classifier',
          ModelApprovalStatus: 'PendingManualApproval',
          InferenceSpecification: {
            Containers: [{ Image: 'model:1', ModelDataUrl: `s3://photos/${model}/model.tar.gz` }],
            SupportedContentTypes: ['image/jpeg'],
            SupportedResponseMIMETypes: ['application/json'],
          },
        }),
      );
    }
    expect((await registry.list()).map(({ number, approval }) => [number, approval])).toEqual([
      [2, 'pending'],
      [1, 'pending'],
    ]);
    const version = await registry.find(2);
    if (version === undefined) throw new TypeError('version 2 was registered');
    expect(version).toMatchObject({ state: 'ready', modelUri: 's3://photos/b/model.tar.gz', image: 'model:1' });
    await registry.review(version, { approval: 'approved', reviewer: 'ann', note: 'good' });
    expect(await registry.find(2)).toMatchObject({ approval: 'approved', note: 'good' });
    expect(await registry.find(3)).toBeUndefined();
  });

  it('makes, updates and starts a pipeline', async () => {
    const pipelines = new SageMakerPipelines(sageMaker, SERVICE, 'image-classifier', ROLE);
    const definition = JSON.stringify({ Version: '2020-12-01', Parameters: [], Steps: [] });
    expect(await pipelines.put(definition)).toBe('created');
    expect(await pipelines.put(definition.replaceAll(':', ': '))).toBe('unchanged');
    expect(await pipelines.put(definition.replace('[]', '[{"Name":"Image","Type":"String"}]'))).toBe('updated');

    const id = await pipelines.start('flowers', new Map([['Image', 'model:1']]));
    expect(await pipelines.list(5)).toMatchObject([{ id, name: 'flowers', state: 'succeeded' }]);
    expect(await pipelines.parametersOf(id)).toEqual(new Map([['Image', 'model:1']]));
  });
});

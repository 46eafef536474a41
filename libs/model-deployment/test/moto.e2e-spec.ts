// Against moto, an imitation of AWS by other people: what they and our own scripted server agree on is more likely to
// be right. It lacks UpdateEndpoint, so this goes no further than the first deployment.
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { hasMoto, Moto, startMoto } from '../../../test/support/moto';
import { checkDeployment, DeploymentContext, deployedVersion, rollback, S3ObjectStore, startDeployment } from '../src';
import { SETTINGS } from './support/deployment-context';

(hasMoto ? describe : describe.skip)('moto (skipped where there is no moto_server)', () => {
  let moto: Moto;
  let context: DeploymentContext;
  let s3: S3Client;
  let sageMaker: SageMakerClient;

  beforeAll(async () => {
    moto = await startMoto();
    sageMaker = new SageMakerClient(moto.clientOptions);
    s3 = new S3Client({ ...moto.clientOptions, forcePathStyle: true });
    context = { sageMaker, objects: new S3ObjectStore(s3), settings: SETTINGS };
  });

  afterAll(() => {
    moto.stop();
    sageMaker.destroy();
    s3.destroy();
  });

  it('deploys an approved version, once, and copies its model file', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'models' }));
    await s3.send(new PutObjectCommand({ Bucket: 'models', Key: 'runs/a b/model.tar.gz', Body: 'model' }));
    await sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: SETTINGS.modelPackageGroup }));
    const { ModelPackageArn: arn = '' } = await sageMaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: SETTINGS.modelPackageGroup,
        ModelApprovalStatus: 'PendingManualApproval',
        InferenceSpecification: {
          Containers: [{ Image: 'model:1', ModelDataUrl: 's3://models/runs/a b/model.tar.gz' }],
          SupportedContentTypes: ['image/jpeg'],
          SupportedResponseMIMETypes: ['application/json'],
        },
      }),
    );
    await expect(startDeployment(context, arn)).rejects.toMatchObject({ code: 'not-approved' });
    await sageMaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn, ModelApprovalStatus: 'Approved' }));

    const started = await startDeployment(context, arn);

    expect(started).toMatchObject({ number: 1, servedVersion: '1.0.0', result: 'started' });
    expect(await startDeployment(context, arn)).toMatchObject({ result: 'already-serving' });
    expect(await checkDeployment(context)).toEqual({
      state: 'serving',
      number: 1,
      configName: started.configName,
      isNews: true,
    });
    expect(await checkDeployment(context)).toMatchObject({ state: 'serving', isNews: false });
    expect(await deployedVersion(context)).toMatchObject({ serving: { number: 1, modelPackageArn: arn } });
    const copied = { Bucket: 'models', Key: 'deployed/image-classifier/model.tar.gz' };
    expect(await s3.send(new HeadObjectCommand(copied))).toMatchObject({ ContentLength: 5 });
    await expect(rollback(context)).rejects.toMatchObject({ code: 'nothing-to-roll-back-to' });
  });

  it('knows an endpoint that is not there', async () => {
    const nowhere = { ...context, settings: { ...SETTINGS, endpointName: 'nowhere' } };
    expect(await deployedVersion(nowhere)).toBeUndefined();
  });
});

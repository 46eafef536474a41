import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalEndpoint } from '../src/local-endpoint';
import { distFile } from '../src/places';
import { LocalAccount, openAccount } from './local-account';
import { packageFolder } from './package-folder';

const script = `
import boto3, json, sys
from botocore.config import Config
client = boto3.client('sagemaker-runtime', endpoint_url=sys.argv[1], region_name='us-east-1',
    aws_access_key_id='local', aws_secret_access_key='local', config=Config(retries={'max_attempts': 1}))
answer = client.invoke_endpoint(EndpointName='image-classifier', Body=b'image', ContentType='image/jpeg',
    Accept='application/json', CustomAttributes='top_k=1')
failures = []
for attributes, size in (('do=status&status=422', 5), ('a' * 1025, 5), ('', 6291457)):
    try:
        client.invoke_endpoint(EndpointName='image-classifier', Body=b'x' * size, CustomAttributes=attributes)
    except client.exceptions.ClientError as error:
        failures.append([error.response['ResponseMetadata']['HTTPStatusCode'], error.response['Error']['Code'],
            error.response.get('OriginalStatusCode'), error.response['Error']['Message']])
print(json.dumps({'body': json.loads(answer['Body'].read()), 'variant': answer['InvokedProductionVariant'],
    'attributes': answer['CustomAttributes'], 'failures': failures}))
`;

const controlPlaneScript = `
import boto3, json, sys
client = boto3.client('sagemaker', endpoint_url=sys.argv[1], region_name='us-east-1',
    aws_access_key_id='local', aws_secret_access_key='local')
created = client.create_model_package(ModelPackageGroupName='image-classifier', InferenceSpecification={
    'Containers': [{'Image': 'image', 'ModelDataUrl': 's3://local/models/everyday-objects/model.tar.gz'}]})
client.update_model_package(ModelPackageArn=created['ModelPackageArn'], ModelApprovalStatus='Approved')
package = client.describe_model_package(ModelPackageName=created['ModelPackageArn'])
pages = client.get_paginator('list_model_packages').paginate(ModelPackageGroupName='image-classifier',
    PaginationConfig={'PageSize': 1})
versions = [each['ModelPackageVersion'] for page in pages for each in page['ModelPackageSummaryList']]
container = {'ModelPackageName': created['ModelPackageArn']}
client.create_model(ModelName='boto3', Containers=[container])
client.create_endpoint_config(EndpointConfigName='boto3', ProductionVariants=[{'VariantName': 'AllTraffic',
    'ModelName': 'boto3', 'InitialInstanceCount': 1, 'InstanceType': 'ml.m5.large'}])
client.update_endpoint(EndpointName='image-classifier', EndpointConfigName='boto3')
client.get_waiter('endpoint_in_service').wait(EndpointName='image-classifier', WaiterConfig={'Delay': 1})
endpoint = client.describe_endpoint(EndpointName='image-classifier')
try:
    client.describe_endpoint(EndpointName='none')
except client.exceptions.ClientError as error:
    failure = [error.response['Error']['Code'], error.response['Error']['Message']]
print(json.dumps({'year': package['CreationTime'].year, 'status': package['ModelApprovalStatus'], 'versions': versions,
    'config': endpoint['EndpointConfigName'], 'failure': failure}))
`;

const hasAwsCli = spawnSync('aws', ['--version']).status === 0;
const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0;

(hasBoto3 ? describe : describe.skip)('boto3 (skipped where python3 cannot import it)', () => {
  it('gets answers and errors from a local endpoint as from the real one', async () => {
    const endpoint = await LocalEndpoint.start({
      endpointName: 'image-classifier',
      packageDir: packageFolder({ version: '1' }),
      port: 0,
      environment: process.env,
      command: [distFile('libs/sagemaker-local/test/fake-container/main.js')],
    });
    try {
      const { stdout } = await promisify(execFile)('python3', ['-c', script, endpoint.url]);
      expect(JSON.parse(stdout)).toMatchObject({
        body: { version: '1', bytes: 5, headers: { 'x-amzn-sagemaker-custom-attributes': 'top_k=1' } },
        variant: 'AllTraffic',
        attributes: 'version=1',
        failures: [
          [424, 'ModelError', 422, expect.stringContaining('Received client error (422) from primary')],
          [400, 'ValidationError', null, expect.stringContaining('customAttributes')],
          [413, '413', null, 'HTTP content length exceeded 6291456 bytes.'],
        ],
      });
    } finally {
      await endpoint.stop();
    }
  });
});

describe('the local control plane', () => {
  let account: LocalAccount;
  beforeEach(async () => (account = await openAccount()));
  afterEach(() => account.stop());

  (hasBoto3 ? describe : describe.skip)('asked by boto3 (skipped where python3 cannot import it)', () => {
    it('registers, approves and deploys as on AWS', async () => {
      const { stdout } = await promisify(execFile)('python3', ['-c', controlPlaneScript, account.server.url]);

      expect(JSON.parse(stdout)).toEqual({
        year: new Date().getFullYear(),
        status: 'Approved',
        versions: [1, 2],
        config: 'boto3',
        failure: [
          'ValidationException',
          'Could not find endpoint "arn:aws:sagemaker:us-east-1:000000000000:endpoint/none".',
        ],
      });
    });
  });

  (hasAwsCli ? describe : describe.skip)('asked by the AWS CLI (skipped where it is not there)', () => {
    it('describes an endpoint', async () => {
      const { stdout } = await promisify(execFile)(
        'aws',
        ['sagemaker', 'describe-endpoint', '--endpoint-name', 'image-classifier', '--endpoint-url', account.server.url],
        {
          env: {
            ...process.env,
            AWS_DEFAULT_REGION: 'us-east-1',
            AWS_ACCESS_KEY_ID: 'local',
            AWS_SECRET_ACCESS_KEY: 'local',
            AWS_DEFAULT_OUTPUT: 'json',
          },
        },
      );

      expect(JSON.parse(stdout)).toMatchObject({ EndpointName: 'image-classifier', EndpointStatus: 'InService' });
    });
  });
});

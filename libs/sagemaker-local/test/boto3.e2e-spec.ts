import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalEndpoint } from '../src/local-endpoint';
import { distFile } from '../src/places';
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

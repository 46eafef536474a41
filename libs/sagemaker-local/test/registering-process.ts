/** Registers packages until it is ended, each request with a token of its own, and prints each token and ARN. For tests that kill it. */
import { createControlPlane } from '../src/local-sagemaker';
import { StateFolder } from '../src/state';

const [folder = '', shippedPackageDir = '', count = '1', token = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const controlPlane = createControlPlane({ state: new StateFolder(folder), shippedPackageDir });
  for (let index = 0; index < Number(count); index += 1) {
    const clientToken = `${token}${index}`;
    const answer = await controlPlane.call('CreateModelPackage', {
      ModelPackageGroupName: 'image-classifier',
      ClientToken: clientToken,
      CustomerMetadataProperties: { token: clientToken },
      InferenceSpecification: { Containers: [{ Image: 'image', ModelDataUrl: 's3://local/a/model.tar.gz' }] },
    });
    process.stdout.write(`${clientToken} ${JSON.stringify(answer)}\n`);
  }
}

void main();

/** A following endpoint of fake containers as a process of its own, which prints its address when it serves. For tests that kill it. */
import { createControlPlane } from '../src/local-sagemaker';
import { FollowingEndpoint } from '../src/hosting/following-endpoint';
import { distFile } from '../src/places';
import { ownEnvironment } from '../src/sagemaker-local.config';
import { StateFolder } from '../src/state';

const [folder = '', shippedPackageDir = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const state = new StateFolder(folder);
  const endpoint = await FollowingEndpoint.start({
    state,
    endpointName: 'image-classifier',
    packageDir: shippedPackageDir,
    port: 0,
    environment: ownEnvironment(),
    command: [distFile('libs/sagemaker-local/test/fake-container/main.js')],
    controlPlane: createControlPlane({ state, shippedPackageDir }),
  });
  process.stdout.write(`${endpoint.local.url}\n`);
}

void main();

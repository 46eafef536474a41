/** The commands of a build, in the order in which buildspec.yml gives them. */
import { PRODUCT_ROOT } from '@app/platform';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../apps/pipeline/src/command.error';
import { collectArtifacts, uploadArtifacts } from '../aws/artifacts/artifacts';
import { parameterPrefix } from '../aws/stage/areas';
import { loadTemplates } from '../cloudformation/template';
import { IMAGE_NAMES, type ImageName } from '../images/image-contents';
import type { BuildEnvironment } from './build-environment';
import { BuiltImage, builtImages, findBuiltImage, noteBuiltImage } from './built-images';
import { findingsMessage, forbiddenFindings } from './check-scans';
import { planRollouts } from './rollout';
import { readStageValues, SERVICES } from './stage-values';

export interface BuildContext {
  readonly environment: BuildEnvironment;
  readonly clients: {
    readonly ecr: ECRClient;
    readonly ecs: ECSClient;
    readonly s3: S3Client;
    readonly ssm: SSMClient;
  };
  /** Where a build keeps what its commands tell each other, and what it makes. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export const DELIVERY_FOLDER = join('dist', 'delivery');

/** Says `known` and keeps the digest when the registry has an image of this content, else `new`. */
export async function noteImage(
  { environment, clients, folder, say }: BuildContext,
  name: ImageName,
  key: string,
  isPushed: boolean,
): Promise<void> {
  const image = await findBuiltImage(clients.ecr, environment, name, key);
  if (image !== undefined) noteBuiltImage(folder, name, image);
  else if (isPushed)
    throw new CommandError(`${environment.repositories[name]} has no image ${key}, though it was pushed.`);
  say(image === undefined ? 'new' : 'known');
}

/** @throws {CommandError} when an image has a critical weakness that is not allowed. */
export async function checkScans({ environment, clients, folder, say }: BuildContext): Promise<void> {
  const images = builtImages(folder, IMAGE_NAMES);
  const found = new Map<BuiltImage, readonly string[]>();
  for (const image of Object.values(images)) {
    const forbidden = await forbiddenFindings(clients.ecr, image, environment.allowedFindings, say);
    if (forbidden.length > 0) found.set(image, forbidden);
  }
  if (found.size > 0) throw new CommandError(findingsMessage(found));
  say('No critical weakness is known of the images, but those allowed.');
}

/** What stacks find in the build bucket: all that a template asks for. */
export async function uploadAll({ environment, clients, say }: BuildContext): Promise<void> {
  const parameters = loadTemplates().flatMap((template) => Object.keys(template.parameters));
  const artifacts = await collectArtifacts(new Set(parameters));
  const uploaded = await uploadArtifacts(clients.s3, environment.buildBucket, artifacts);
  for (const { key } of artifacts) say(`${key}: ${uploaded.includes(key) ? 'uploaded' : 'was there'}`);
}

/** Writes a folder for each service, and `changes.env`: `WEB_CHANGED=true`. */
export async function render({ environment, clients, folder, say }: BuildContext): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (environment.isBootstrap) {
    say('There are no services yet: nothing is rolled out.');
    writeChanges(folder, new Map(SERVICES.map((service) => [service, true])));
    return;
  }
  const rollouts = await planRollouts({
    ecs: clients.ecs,
    stage: environment,
    images: builtImages(folder, SERVICES),
    values: await readStageValues(clients.ssm, environment),
    appspec: readFileSync(join(PRODUCT_ROOT, 'appspec.yaml'), 'utf8'),
  });
  for (const { service, files, reasons } of rollouts) {
    mkdirSync(join(folder, service), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, service, file), text);
    say(
      `${service}: ${reasons.length === 0 ? 'is what runs, and is left as it is' : `is rolled out: ${reasons.join(', ')}`}`,
    );
  }
  writeChanges(folder, new Map(rollouts.map(({ service, reasons }) => [service, reasons.length > 0])));
}

function writeChanges(folder: string, changes: ReadonlyMap<string, boolean>): void {
  const lines = [...changes].map(([service, isChanged]) => `${service.toUpperCase()}_CHANGED=${isChanged}\n`);
  writeFileSync(join(folder, 'changes.env'), lines.join(''));
}

/** From now on these images are the ones: `npm run deploy` and the next training take them. */
export async function record({ environment, clients, folder, say }: BuildContext): Promise<void> {
  const images = builtImages(folder, IMAGE_NAMES);
  for (const name of IMAGE_NAMES) {
    const { uri: Value } = images[name];
    const Name = `${parameterPrefix(environment)}images/${name}`;
    await clients.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
    say(`${Name}: ${Value}`);
  }
}

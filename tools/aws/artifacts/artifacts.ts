/** What stacks find in the build bucket: the Lambda functions and the definition of the model pipeline, each under the hash of its content. */
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/platform';
import { unlessMissing } from '../aws-problems';
import { bundleFunction, zipOf } from './function-bundle';

export interface Artifact {
  /** The parameter of a template that takes the key. */
  readonly parameter: string;
  readonly key: string;
  readonly contentType: string;
  readonly content: () => Promise<Buffer>;
}

const FUNCTIONS = join(PRODUCT_ROOT, 'apps', 'functions', 'src');
const DEFINITION = join(PRODUCT_ROOT, 'apps', 'pipeline', 'pipeline-definition.json');

export function functionNames(folder = FUNCTIONS): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'handler.ts')))
    .sort();
}

/** `deploy-model` -> `DeployModelCodeKey` */
export function codeKeyParameter(functionName: string): string {
  return `${functionName.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}CodeKey`;
}

/** Only what a template asks for by one of `parameters`. */
export async function collectArtifacts(parameters: ReadonlySet<string>): Promise<Artifact[]> {
  const functions = functionNames().filter((name) => parameters.has(codeKeyParameter(name)));
  const artifacts = await Promise.all(functions.map(functionArtifact));
  return parameters.has('PipelineDefinitionKey') ? [...artifacts, await definitionArtifact()] : artifacts;
}

async function functionArtifact(name: string): Promise<Artifact> {
  const code = await bundleFunction(name);
  return {
    parameter: codeKeyParameter(name),
    // Of the code and not of the archive, which another version of zlib would write in other words.
    key: `functions/${name}/${sha256(code)}.zip`,
    contentType: 'application/zip',
    content: () => zipOf('index.js', code),
  };
}

async function definitionArtifact(): Promise<Artifact> {
  const text = await readFile(DEFINITION);
  return {
    parameter: 'PipelineDefinitionKey',
    key: `pipelines/${sha256(text)}.json`,
    contentType: 'application/json',
    content: () => Promise.resolve(text),
  };
}

/** What is there already stays; gives the keys of what is new. */
export async function uploadArtifacts(s3: S3Client, bucket: string, artifacts: readonly Artifact[]): Promise<string[]> {
  const uploaded: string[] = [];
  for (const { key, contentType, content } of artifacts) {
    const place = { Bucket: bucket, Key: key };
    if ((await unlessMissing(s3.send(new HeadObjectCommand(place)))) !== undefined) continue;
    await s3.send(new PutObjectCommand({ ...place, Body: await content(), ContentType: contentType }));
    uploaded.push(key);
  }
  return uploaded;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

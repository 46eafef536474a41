import { ModelManifest } from '@app/contracts/sagemaker';
import { imageTensor } from '@app/imaging';
import {
  createSessionPool,
  LinearHead,
  ModelLoadError,
  readLinearHead,
  RunFailedError,
  SessionPool,
  SessionPoolOptions,
} from '@app/onnx';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkGraph } from './check-graph';
import {
  DEFAULT_INPUT_NAME,
  DEFAULT_OUTPUT_NAME,
  FEATURE_MAP_OUTPUT,
  FEATURES_OUTPUT,
  ModelPackage,
} from './model-package';
import { ModelPackageError } from './model-package.error';
import { parseManifest } from './parse-manifest';

/** Loads a model package, proves that it can classify, and warms it. Throws `ModelPackageError`. */
export async function loadModelPackage(
  folder: string,
  options: Omit<SessionPoolOptions, 'modelPath'>,
): Promise<ModelPackage> {
  if (!(await isFolder(folder)))
    throw new ModelPackageError(`The model package ${folder} is not a folder that can be read.`);
  const manifestPath = join(folder, 'model.json');
  const manifest = parseManifest(await readText(manifestPath), manifestPath);

  const modelPath = join(folder, 'model.onnx');
  if (!(await isFile(modelPath))) throw new ModelPackageError(`${modelPath} is missing.`);
  const pool = await open({ ...options, modelPath });
  try {
    checkGraph(pool, manifest, modelPath);
    await warmUp(pool, manifest, options.workers, modelPath);
    const head = await explainingHead(pool, manifest, modelPath);
    return { manifest, pool, ...(head === undefined ? {} : { head }) };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

async function open(options: SessionPoolOptions): Promise<SessionPool> {
  try {
    return await createSessionPool(options);
  } catch (error) {
    if (!(error instanceof ModelLoadError)) throw error;
    throw new ModelPackageError(
      `${options.modelPath} cannot be loaded; it is incomplete, damaged or no ONNX model (${firstLine(error)}).`,
      { cause: error },
    );
  }
}

/** Runs a black image in every worker: the first run of a session is slow, and what the graph leaves open shows itself. */
async function warmUp(pool: SessionPool, manifest: ModelManifest, workers: number, modelPath: string): Promise<void> {
  const { input, labels } = manifest;
  const outputName = manifest.output?.name ?? DEFAULT_OUTPUT_NAME;
  const image = `an image of ${input.size} x ${input.size} pixels`;
  const runOnce = () =>
    pool.run({
      feeds: { [input.name ?? DEFAULT_INPUT_NAME]: imageTensor(new Uint8Array(input.size * input.size * 3), input) },
      outputs: [outputName],
    });
  let values: Float32Array | undefined;
  try {
    for (const { outputs } of await Promise.all(Array.from({ length: workers }, runOnce))) {
      values = outputs[outputName]?.data;
    }
  } catch (error) {
    if (!(error instanceof RunFailedError)) throw error;
    throw new ModelPackageError(`${modelPath} cannot classify ${image} (${firstLine(error)}).`, { cause: error });
  }
  if (values?.length !== labels.length) {
    throw new ModelPackageError(
      `${modelPath} does not fit its model.json: its output "${outputName}" has ${values?.length ?? 0} values, and labels names ${labels.length}.`,
    );
  }
  if (!values.every(Number.isFinite)) {
    throw new ModelPackageError(`${modelPath} answers ${image} with values that are no numbers.`);
  }
}

/** Class activation maps need the features' map, and logits that are linear in the features. */
async function explainingHead(
  { outputs }: SessionPool,
  { labels, output }: ModelManifest,
  modelPath: string,
): Promise<LinearHead | undefined> {
  const has = (name: string) => outputs.some((candidate) => candidate.name === name);
  if (!has(FEATURES_OUTPUT) || !has(FEATURE_MAP_OUTPUT)) return undefined;
  const head = await readLinearHead(modelPath, output?.name ?? DEFAULT_OUTPUT_NAME);
  return head?.input === FEATURES_OUTPUT && head.classes === labels.length ? head : undefined;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ModelPackageError(`${path} is missing or cannot be read.`, { cause: error });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** ONNX Runtime's messages go on for many lines. */
function firstLine({ message }: Error): string {
  return message.split('\n', 1)[0] ?? '';
}

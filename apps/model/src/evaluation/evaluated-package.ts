import { ModelManifest } from '@app/contracts/sagemaker';
import { join } from 'node:path';
import { loadModelPackage } from '../model-package/load-model-package';
import { OUT_OF_SET_OUTPUT } from '../model-package/model-package';

/** A model package that has been checked as serving checks it. */
export interface EvaluatedPackage {
  readonly folder: string;
  readonly graph: string;
  readonly manifest: ModelManifest;
  /** Whether the graph itself tells how unlike its training data an image is. */
  readonly tellsOutOfSet: boolean;
}

/** Throws a `ModelPackageError` for a package that could not be served. */
export async function openPackage(folder: string): Promise<EvaluatedPackage> {
  const { manifest, pool } = await loadModelPackage(folder, { workers: 1, maxQueue: 1 });
  const tellsOutOfSet = pool.outputs.some(({ name, type }) => name === OUT_OF_SET_OUTPUT && type === 'float32');
  await pool.close();
  return { folder, graph: join(folder, 'model.onnx'), manifest, tellsOutOfSet };
}

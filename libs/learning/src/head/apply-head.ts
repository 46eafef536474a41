import { availableCpus, createSessionPool, InputTensor, LinearHeadParts, linearHeadModel } from '@app/onnx';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureSet } from '../feature-set';

export interface HeadOutputs {
  /** `[count, classes]` */
  readonly logits: Float32Array;
  /** `[count]`; empty when the head has no prototypes. */
  readonly outOfSet: Float32Array;
}

const BLOCK_ROWS = 4096;

/** What the head says to features: by the same ONNX nodes that a package holds. `folder` is for a small file meanwhile. */
export async function applyHead(
  head: LinearHeadParts,
  set: Pick<FeatureSet, 'features' | 'dimension'>,
  { workers = availableCpus(), folder = tmpdir() }: { workers?: number; folder?: string } = {},
): Promise<HeadOutputs> {
  const count = set.features.length / set.dimension;
  const logits = new Float32Array(count * head.classes);
  const outOfSet = new Float32Array(head.prototypes === undefined ? 0 : count);
  const place = await mkdtemp(join(folder, 'head-'));
  try {
    const modelPath = join(place, 'head.onnx');
    await writeFile(modelPath, await linearHeadModel(head));
    const pool = await createSessionPool({ modelPath, workers, maxQueue: count });
    const runBlock = async (start: number) => {
      const data = set.features.slice(start * set.dimension, (start + BLOCK_ROWS) * set.dimension);
      const features: InputTensor = { type: 'float32', dims: [data.length / set.dimension, set.dimension], data };
      const wanted = outOfSet.length === 0 ? ['logits'] : ['logits', 'out_of_set'];
      const { outputs } = await pool.run({ feeds: { features }, outputs: wanted });
      logits.set(outputs['logits']?.data ?? [], start * head.classes);
      outOfSet.set(outputs['out_of_set']?.data ?? [], start);
    };
    try {
      const next = Array.from({ length: Math.ceil(count / BLOCK_ROWS) }, (_, block) => block * BLOCK_ROWS).values();
      // One at a time for each worker: blocks are copied when their turn comes.
      await Promise.all(
        Array.from({ length: workers }, async () => {
          for (const start of next) await runBlock(start);
        }),
      );
    } finally {
      await pool.close();
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
  return { logits, outOfSet };
}

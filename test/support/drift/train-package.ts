// A model package of the product's own training job, from lists of photos.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { JobProcess } from '../../../apps/model/test/support/job-process';

/** Trains in a folder, which may have been trained in before: features are kept in it. Gives the folder of the package. */
export async function trainPackage(
  folder: string,
  photos: Readonly<Record<string, readonly string[]>>,
  hyperparameters: Readonly<Record<string, string>>,
): Promise<string> {
  const channel = join(folder, 'input', 'data', 'train');
  rmSync(channel, { recursive: true, force: true });
  for (const [label, files] of Object.entries(photos)) {
    mkdirSync(join(channel, label), { recursive: true });
    for (const file of files) cpSync(file, join(channel, label, basename(file)));
  }
  mkdirSync(join(folder, 'input', 'config'), { recursive: true });
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  writeFileSync(join(folder, 'input', 'config', 'hyperparameters.json'), JSON.stringify(hyperparameters));
  const job = new JobProcess('train', { SAGEMAKER_BASE_DIR: folder });
  const { code, stdout, stderr } = await job.finished;
  if (code !== 0) throw new Error(`the training job ended with ${code}:\n${stdout}${stderr}`);
  return join(folder, 'model');
}

/**
 * A pipeline on a small disk of its own: `main.js FOLDER`. Fills the disk at several points, makes space and retries; prints as JSON
 * what it saw. In a process of its own so that the disk can be mounted where nobody else sees it.
 */
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobRecord } from '../../../src/pipelines/job-record';
import { JsonObject } from '../../../src/pipelines/json';
import { PipelineBench } from '../pipeline-bench';

const MODEL_BYTES = 600_000;

/** What the records of jobs say that did not end well. */
async function failedJobs({ state }: PipelineBench): Promise<string[]> {
  const names = await state.list('training-jobs');
  const records = await Promise.all(names.map((name) => state.read<JobRecord>('training-jobs', name, 'job.json')));
  return records.flatMap((record) => (record === undefined || record.status === 'Completed' ? [] : record.status));
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

async function main(): Promise<void> {
  const [, , root = ''] = process.argv;
  const bench = await new PipelineBench(root).prepare();
  const filler = join(root, 'filler');
  const seen: JsonObject[] = [];
  // While the container writes its model, after that, when not even the failure can be written down, and before anything.
  for (const leave of [MODEL_BYTES / 2, MODEL_BYTES + 40_000, 12_288, 0]) {
    bench.behave({ modelBytes: MODEL_BYTES });
    const wasFree = freeBytes(root);
    writeFileSync(filler, Buffer.alloc(Math.max(0, wasFree - leave)));
    const arn = await bench.start().catch((error: unknown) => String(error));
    const failed = arn.startsWith('arn:')
      ? await bench.ended(arn)
      : { PipelineExecutionStatus: null, FailureReason: arn };
    const objects = readdirSync(join(root, 's3/local'), { recursive: true, encoding: 'utf8' });
    const jobs = arn.startsWith('arn:') && leave > MODEL_BYTES / 3 ? await failedJobs(bench) : undefined;
    rmSync(filler);
    if (arn.startsWith('arn:')) await bench.retry(arn);
    const retried = arn.startsWith('arn:') ? await bench.ended(arn) : {};
    seen.push({
      reason: failed['FailureReason'],
      jobs,
      halfDone: objects.filter((path) => /\.tar\.gz$|\/\./.test(path)).length,
      retried: retried['PipelineExecutionStatus'],
    });
    rmSync(join(root, 's3/local/models'), { recursive: true, force: true });
  }
  console.log(JSON.stringify({ seen, registered: (await bench.registered()).length }));
}

void main();

/**
 * A stand-in for the container of a job, as a process: `train` and `evaluate` by SageMaker's contract, and beside that whatever the
 * file named by the variable CONTROL says (`JobControl`).
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobControl } from '../pipeline-bench';

const base = process.env['SAGEMAKER_BASE_DIR'] ?? '';
const control = JSON.parse(readFileSync(process.env['CONTROL'] ?? '', 'utf8')) as JobControl; // written by our tests
const [, , task = '', ...rest] = process.argv;

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(base, path), 'utf8'));
}

/** Path and content of every file that the job was given. */
function inputs(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const channel of readdirSync(join(base, folder))) {
    for (const name of readdirSync(join(base, folder, channel), { recursive: true, encoding: 'utf8' })) {
      const path = join(base, folder, channel, name);
      if (existsSync(path) && !path.endsWith('.gz')) {
        try {
          files[`${channel}/${name}`] = readFileSync(path, 'utf8');
        } catch {
          // a folder
        }
      }
    }
  }
  return files;
}

appendFileSync(control.journal, `${task} ${process.pid}\n`);
console.log(`[progress] ${task} began`);
if (control.change !== undefined) appendFileSync(control.change, 'changed');
if (control.ignoresSigterm === true) process.on('SIGTERM', () => console.log('SIGTERM came'));

if (control.fail === task) {
  mkdirSync(join(base, 'output'), { recursive: true });
  writeFileSync(join(base, 'output', task === 'train' ? 'failure' : 'message'), 'it cannot work');
  console.error('the last line');
  process.exitCode = 1;
} else if (control.crash === task) {
  throw new Error('it crashed');
} else if (control.hang === task) {
  console.log('[progress] hanging');
  setInterval(() => undefined, 1000);
} else if (task === 'train') {
  console.log('[metric] train:accuracy=0.5');
  console.log('[metric] train:accuracy=0.97');
  const seen = {
    hyperparameters: read('input/config/hyperparameters.json'),
    inputdataconfig: read('input/config/inputdataconfig.json'),
    resourceconfig: read('input/config/resourceconfig.json'),
    files: inputs('input/data'),
    environment: process.env,
    rest,
  };
  appendFileSync(join(base, 'checkpoints', 'features'), 'x');
  if (control.noModel !== true) {
    writeFileSync(join(base, 'model', 'model.json'), JSON.stringify(seen.files));
    mkdirSync(join(base, 'model', 'weights'));
    writeFileSync(join(base, 'model', 'weights', 'b.bin'), Buffer.alloc(control.modelBytes ?? 1000));
  }
  writeFileSync(join(base, 'output', 'data', 'seen.json'), JSON.stringify(seen));
} else {
  const seen = { config: read('config/processingjobconfig.json'), files: inputs('processing/input'), task, rest };
  mkdirSync(join(base, 'output'), { recursive: true });
  writeFileSync(join(base, 'output', 'message'), 'evaluated');
  writeFileSync(
    join(base, 'processing', 'output', 'evaluation', 'evaluation.json'),
    JSON.stringify({ metrics: { accuracy: { value: control.accuracy ?? 0.9 } }, seen }),
  );
}

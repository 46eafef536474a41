import { LeftOut } from '@app/learning';
import { JobLog } from './job-log';

let lines: string[];
let time: number;
let log: JobLog;
beforeEach(() => {
  lines = [];
  time = 5;
  log = new JobLog(
    (line) => lines.push(line),
    () => time,
  );
});

it('shows the first and the last state of each phase, and one a second between', () => {
  for (let done = 0; done <= 30; done += 1, time += 100) log.progress('features', `${done} of 30`);
  log.progress('fit', 'step 1', { 'train:loss': 0.5, 'train:accuracy': 0.75 });
  log.progress('fit', 'step 2', { 'train:loss': 0.25 });
  log.say('done');

  expect(lines).toEqual([
    '[progress] features: 0 of 30',
    '[progress] features: 10 of 30',
    '[progress] features: 20 of 30',
    '[progress] features: 30 of 30',
    '[progress] fit: step 1',
    '[metric] train:loss=0.5',
    '[metric] train:accuracy=0.75',
    '[progress] fit: step 2',
    '[metric] train:loss=0.25',
    'done',
  ]);
});

it('shows a phase that has no states, and one whose states are counts', () => {
  log.progress('Opening the model');
  const counter = log.counter('Showing images');
  for (const done of [0, 600, 1200]) counter({ done, total: 1200 });
  log.endPhase();

  expect(lines).toEqual([
    '[progress] Opening the model',
    '[progress] Showing images: 0 of 1,200',
    '[progress] Showing images: 1,200 of 1,200',
  ]);
});

it('lists what was left out, up to 20', () => {
  const files = Array.from({ length: 22 }, (_, index): LeftOut => ({
    path: `rose/${index}.txt`,
    reason: 'not-an-image',
    message: 'is no image',
  }));

  log.leftOut('the training data', files);
  log.leftOut('the test data', []);

  expect(lines).toHaveLength(22);
  expect(lines[0]).toBe('22 files or folders left out of the training data:');
  expect(lines[20]).toBe('  rose/19.txt is no image');
  expect(lines[21]).toBe('  and 2 more');
});

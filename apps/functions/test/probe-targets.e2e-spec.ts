// The prober against tasks that are right in everything but one: the fault is found, and said in words.
import { ProblemError } from '@app/contracts';
import sharp from 'sharp';
import { createHandler } from '../src/probe-targets/handler';
import { KNOWN_PHOTO, KNOWN_PHOTO_FACTS } from '../src/probe-targets/known-photo';
import type { ProbeRequest } from '../src/probe-report';
import { BUILD, classification, problem, Reply, ScriptedService } from './support/scripted-service';

const MISSING = problem(new ProblemError('model-missing', { retryAfterSeconds: 60 }));

let task: ScriptedService;

beforeEach(async () => {
  task = await ScriptedService.start();
});

afterEach(() => task.stop());

/** The faults of the task. */
async function probe(change: Partial<ProbeRequest> = {}): Promise<readonly string[]> {
  const { hostname: host, port } = new URL(task.url);
  const request = {
    ...{ service: 'was', targets: [{ host, port: Number(port) }], build: BUILD, slowMs: 5000, timeoutMs: 60_000 },
    ...change,
  };
  const lines: string[] = [];
  const { targets } = await createHandler((line) => lines.push(line))(request, { awsRequestId: 'request-1' });
  expect(lines).toHaveLength(targets.length);
  return targets.flatMap(({ faults }) => faults);
}

const ok = (change: object): Reply => [200, classification(KNOWN_PHOTO, change)];

describe('the prober', () => {
  const one = { label: 'cat', name: { en: 'cat' }, score: 0.7 };

  it('finds nothing wrong with a task that is right', async () => {
    expect(await probe()).toEqual([]);
  });

  it.each<[string, string, (before: number) => Reply | 'never', string]>([
    ['is not ready', '/health/ready', () => [503, ''], 'It is not ready: /health/ready answers 503.'],
    [
      'is another build',
      '/version',
      () => [200, { version: '1', build: 'local' }],
      'It is build "local", and the task definition is of build "0123456789ab".',
    ],
    [
      'tells no build',
      '/version',
      () => [200, 'ok'],
      'It is build undefined, and the task definition is of build "0123456789ab".',
    ],
    ['has no version', '/version', () => [404, ''], 'It does not tell its version: /version answers 404.'],
    ['fails', 'photo', () => [500, 'oops'], 'A photo is answered with 500 and no problem document.'],
    [
      'fails in words',
      'photo',
      () => problem(new ProblemError('internal-error', {})),
      'A photo is answered with 500 internal-error.',
    ],
    [
      'loses its model',
      'photo',
      (before) => (before < 3 ? ok({}) : MISSING),
      'A photo is answered with 503 model-missing.',
    ],
    ['answers nothing', 'photo', () => [200, ''], 'The answer to a photo is no JSON object.'],
    ['answers something else', 'photo', () => [200, { status: 'ok' }], 'The answer to a photo has no id.'],
    ['names no model', 'photo', () => ok({ model: {} }), 'The answer to a photo names no model with a version.'],
    [
      'decides nothing',
      'photo',
      () => ok({ decision: 'perhaps' }),
      'The answer to a photo has the decision "perhaps", which is none.',
    ],
    ['sees nothing', 'photo', () => ok({ predictions: [] }), 'The answer to a photo has no predictions.'],
    [
      'is no probability',
      'photo',
      () => ok({ score: 7, predictions: [{ ...one, score: 7 }] }),
      'The answer to a photo has a prediction whose score is no probability.',
    ],
    [
      'adds up to too much',
      'photo',
      () => ok({ predictions: [one, { ...one, score: 0.6 }] }),
      'The answer to a photo has probabilities that add up to 1.300, more than 1.',
    ],
    [
      'begins with the worst',
      'photo',
      () => ok({ score: 0.1, predictions: [{ ...one, score: 0.1 }, one] }),
      'The answer to a photo has predictions that do not begin with the best.',
    ],
    [
      'has another score',
      'photo',
      () => ok({ score: 0.5 }),
      'The answer to a photo has a score that is not that of its best prediction.',
    ],
    ['has another label', 'photo', () => ok({ label: 'dog' }), 'The answer to a photo has the label "dog", not "cat".'],
    [
      'is of another photo',
      'photo',
      () => [200, classification(Buffer.from('another'))],
      'The answer to a photo says that bytes of the image is 7, and it is ',
    ],
    ['has no times', 'photo', () => ok({ timing: {} }), 'The answer to a photo has no timing.decodeMs.'],
    [
      'changes its mind',
      'photo',
      (before) => (before === 3 ? ok({ label: 'dog', predictions: [{ ...one, label: 'dog' }] }) : ok({})),
      'The same photo is cat (0.700) once and dog (0.700) another time.',
    ],
    [
      'has labels of its own',
      'photo',
      () => ok({ label: 'cow', predictions: [{ ...one, label: 'cow' }] }),
      "The label cow is none of the model's.",
    ],
    [
      'does not add up',
      'photo',
      () => ok({ predictions: [one, { ...one, label: 'dog', score: 0.1 }, { ...one, label: 'ship', score: 0.1 }] }),
      'The probabilities of all labels add up to 0.900, not to 1.',
    ],
    [
      'describes another model',
      '/v1/model',
      () => [200, { model: { name: 'pets', version: '2' } }],
      'Photos are answered by pets 3, and the service says that its model is pets 2.',
    ],
    [
      'describes no model',
      '/v1/model',
      () => [404, ''],
      'It does not describe its model: /v1/model answers 404 and no problem document.',
    ],
    [
      'takes anything for a photo',
      'broken photo',
      () => ok({}),
      'What is no photo is answered with 200 and no problem document, not with 415 unsupported-image-format.',
    ],
    [
      'falls over what is no photo',
      'broken photo',
      () => [500, ''],
      'What is no photo is answered with 500 and no problem document, not with 415 unsupported-image-format.',
    ],
    ['hangs', '/health/ready', () => 'never', 'GET /health/ready had no answer within 5 s.'],
  ])('finds one that %s', async (_, question, answer, fault) => {
    task.answers[question] = answer;
    expect(await probe()).toEqual([expect.stringContaining(fault)]);
  });

  it('finds one that is slow', async () => {
    task.delayMs = 30;
    expect(await probe({ slowMs: 20 })).toEqual([
      expect.stringMatching(/^Half of 5 answers took \d+ ms or longer, and 20 ms are allowed\.$/),
    ]);
  });

  it('finds one that is dead', async () => {
    await task.stop();
    const dead = task;
    task = await ScriptedService.start();
    const { hostname: host, port } = new URL(dead.url);
    expect(await probe({ targets: [{ host, port: Number(port) }] })).toEqual([
      'GET /health/ready could not be asked: nobody listens there.',
    ]);
  });

  it('finds one that breaks off', async () => {
    task.answers['photo'] = () => 'break off';
    expect(await probe()).toEqual([
      expect.stringMatching(/^POST \/v1\/classifications\?top_k=100 could not be asked: /),
    ]);
  });

  it('gives all tasks of many an answer, each for itself', async () => {
    const { hostname: host, port } = new URL(task.url);
    const targets = Array.from({ length: 9 }, () => ({ host, port: Number(port) }));
    task.answers['/health/ready'] = (before) => [before === 8 ? 503 : 200, ''];
    expect(await probe({ targets })).toEqual(['It is not ready: /health/ready answers 503.']);
  });

  it('refuses what is no request', async () => {
    await expect(createHandler(() => undefined)({ service: 'web' }, { awsRequestId: 'r' })).rejects.toThrow('targets');
  });
});

it('has a photo that is what is said of it', async () => {
  const { width, height, format } = await sharp(KNOWN_PHOTO).metadata();
  expect({ width, height, format }).toEqual({ width: 160, height: 120, format: 'jpeg' });
  expect(KNOWN_PHOTO_FACTS.bytes).toBe(KNOWN_PHOTO.length);
});

import { Classification } from '@app/contracts/classification';
import { ClassificationEvent } from '@app/contracts/monitoring';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ClassifierAnswer } from '../classification/classifier.port';
import { classificationEvent } from './classification-event';

const CLASSIFICATION: Classification = {
  id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  model: { name: 'shapes', version: '1.0.0', variant: 'blue' },
  decision: 'unknown',
  label: null,
  score: 0.75,
  predictions: [],
  image: { width: 200, height: 100, format: 'jpeg', bytes: 1234, sha256: 'ab'.repeat(32) },
  timing: { decodeMs: 1, queueMs: 2, inferMs: 3, totalMs: 6.54321 },
  feedback: { token: 'secret', expires: '2026-11-30T00:00:00Z' },
};
const prediction = (label: string, score: number) => ({ label, name: { en: label }, score });
const OBSERVATION = { brightness: 0.5, contrast: 0.1, sharpness: 0.01, sketch: [1, 2, 3] };
const ANSWER: ClassifierAnswer = {
  model: CLASSIFICATION.model,
  predictions: [prediction('circle', 0.75), prediction('square', 0.15)],
  outOfSetScore: 3.5,
  observation: OBSERVATION,
};

const validOf = (event: ClassificationEvent) =>
  validateSync(plainToInstance(ClassificationEvent, event), { whitelist: true, forbidNonWhitelisted: true });

describe('classificationEvent', () => {
  it('has numbers and labels, and nothing that leads to the image or its sender', () => {
    const event = classificationEvent(CLASSIFICATION, ANSWER, 1_764_000_000_000);

    expect(event).toEqual({
      id: CLASSIFICATION.id,
      at: 1_764_000_000_000,
      model: { name: 'shapes', version: '1.0.0' },
      decision: 'unknown',
      label: 'circle',
      score: 0.75,
      margin: 0.6,
      outOfSetScore: 3.5,
      width: 200,
      height: 100,
      ...OBSERVATION,
      latencyMs: 6.5,
    });
    expect(validOf(event)).toEqual([]);
  });

  it.each<[string, object, object]>([
    ['one prediction alone', { predictions: [prediction('circle', 0.75)] }, { margin: 0.75 }],
    ['no predictions', { predictions: [] }, { label: undefined }],
    ['no observation', { observation: undefined }, { brightness: undefined, sketch: undefined }],
    ['an observation that is null', { observation: null }, { brightness: undefined }],
    ['an observation that is none', { observation: 'bright' }, { brightness: undefined }],
    ['an observation without numbers', { observation: { ...OBSERVATION, contrast: null } }, { brightness: undefined }],
    [
      'a sketch that is too long',
      { observation: { ...OBSERVATION, sketch: new Array(33).fill(1) } },
      { sketch: undefined },
    ],
    ['a sketch of texts', { observation: { ...OBSERVATION, sketch: ['1'] } }, { brightness: 0.5, sketch: undefined }],
    ['an out-of-set score that is none', { outOfSetScore: null }, { outOfSetScore: undefined }],
    ['a long label', { predictions: [prediction('x'.repeat(500), 0.75)] }, { label: 'x'.repeat(128) }],
  ])('is one that monitor takes, with %s', (_, changes, expected) => {
    const event = classificationEvent(CLASSIFICATION, { ...ANSWER, ...changes }, 1);

    for (const [name, value] of Object.entries(expected)) expect(event[name as keyof typeof event]).toEqual(value);
    expect(validOf(event)).toEqual([]);
  });

  it.each([
    ['a score beyond 1', { score: 1.0000005 }, { score: 1 }],
    [
      'a version that is a number',
      { model: { name: 'shapes', version: 2 } },
      { model: { name: 'shapes', version: '2' } },
    ],
  ])('is one that monitor takes, with %s', (_, changes, expected) => {
    const event = classificationEvent({ ...CLASSIFICATION, ...changes } as Classification, ANSWER, 1); // as above

    expect(event).toMatchObject(expected);
    expect(validOf(event)).toEqual([]);
  });
});

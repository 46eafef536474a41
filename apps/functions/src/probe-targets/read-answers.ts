/** Reads what tasks answer, as strictly as a client may: the first thing that is not as the contract says becomes a sentence. */
import { ProblemError } from '@app/contracts';
import type { Classification, ClassificationResponse, Decision } from '@app/contracts/classification';
import type { Service } from '../probe-report';
import { KNOWN_PHOTO_FACTS } from './known-photo';

/** Each has the same members here: they differ in the texts of labels. */
export type PhotoAnswer = Pick<Classification & ClassificationResponse, 'model' | 'decision' | 'label' | 'score'> & {
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
};

export interface ModelFacts {
  readonly name: string;
  readonly version: string;
  /** Ids; empty when the model does not tell. */
  readonly labels: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

/** As types, so that the decorated classes of the contract stay out of the function. */
const DECISIONS: Readonly<Record<Decision, true>> = { label: true, uncertain: true, unknown: true };

/** Rounding of many probabilities. */
const SUM_TOLERANCE = 0.01;

/** What is wrong with it, as the end of a sentence that begins with "The answer". */
export class AnswerFault extends Error {
  override readonly name = 'AnswerFault';
}

/** @throws AnswerFault */
export function readPhotoAnswer(json: unknown): PhotoAnswer {
  const answer = membersOf(json, 'is no JSON object');
  if (typeof answer['id'] !== 'string' || answer['id'] === '') throw new AnswerFault('has no id');
  const { name, version } = membersOf(answer['model'], 'names no model');
  if (typeof name !== 'string' || typeof version !== 'string') throw new AnswerFault('names no model with a version');
  if (typeof answer['decision'] !== 'string' || !(answer['decision'] in DECISIONS)) {
    throw new AnswerFault(`has the decision ${JSON.stringify(answer['decision'])}, which is none`);
  }
  readPredictions(answer);
  for (const [fact, expected] of Object.entries(KNOWN_PHOTO_FACTS)) {
    const told = membersOf(answer['image'], 'says nothing about the image')[fact];
    if (told !== expected)
      throw new AnswerFault(`says that ${fact} of the image is ${JSON.stringify(told)}, and it is ${expected}`);
  }
  const timing = membersOf(answer['timing'], 'has no timing');
  for (const part of ['decodeMs', 'queueMs', 'inferMs', 'totalMs']) {
    if (!isAtLeast0(timing[part])) throw new AnswerFault(`has no timing.${part}`);
  }
  return json as PhotoAnswer;
}

function readPredictions({ predictions, decision, label, score }: Members): void {
  if (!Array.isArray(predictions) || predictions.length === 0) throw new AnswerFault('has no predictions');
  const read = predictions.map((item: unknown) => {
    const prediction = membersOf(item, 'has a prediction that is none');
    if (typeof prediction['label'] !== 'string') throw new AnswerFault('has a prediction without a label');
    if (!isProbability(prediction['score'])) throw new AnswerFault('has a prediction whose score is no probability');
    return { label: prediction['label'], score: prediction['score'] };
  });
  if (read.some(({ score: own }, at) => own > (read[at - 1]?.score ?? 1)))
    throw new AnswerFault('has predictions that do not begin with the best');
  const sum = read.reduce((total, { score: own }) => total + own, 0);
  if (sum > 1 + SUM_TOLERANCE) throw new AnswerFault(`has probabilities that add up to ${sum.toFixed(3)}, more than 1`);
  if (score !== read[0]?.score) throw new AnswerFault('has a score that is not that of its best prediction');
  const expected = decision === 'unknown' ? null : read[0]?.label;
  if (label !== expected)
    throw new AnswerFault(`has the label ${JSON.stringify(label)}, not ${JSON.stringify(expected)}`);
}

/** @throws AnswerFault */
export function readModelFacts(service: Service, json: unknown): ModelFacts {
  const answer = membersOf(json, 'is no JSON object');
  const { name, version } = service === 'web' ? answer : membersOf(answer['model'], 'names no model');
  if (typeof name !== 'string' || typeof version !== 'string') throw new AnswerFault('names no model with a version');
  // was leaves the description out when the model tells nothing.
  const description = service === 'web' ? answer : answer['description'];
  const labels = description === undefined ? [] : membersOf(description, 'describes no model')['labels'];
  if (!Array.isArray(labels)) throw new AnswerFault('has no labels');
  return {
    name,
    version,
    labels: labels.map((label: unknown) => String(membersOf(label, 'has a label that is none')['id'])),
  };
}

/** `503 model-missing`, and the status alone when it is no problem as the contract has it. */
export function describeRefusal(status: number, json: unknown): string {
  const code = codeOf(json);
  return code === undefined ? `${status} and no problem document` : `${status} ${code}`;
}

/** Of a problem document of ours. */
export function codeOf(json: unknown): string | undefined {
  return ProblemError.fromDocument(json)?.code;
}

function membersOf(value: unknown, fault: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AnswerFault(fault);
  return value as Members;
}

function isAtLeast0(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

function isProbability(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

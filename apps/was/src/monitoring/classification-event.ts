// What monitor is told of a classification: numbers, never the image, and nothing that leads to its sender.
import { Classification } from '@app/contracts/classification';
import { ClassificationEvent, MAX_EVENT_NAME_CHARACTERS, SKETCH_DIMENSIONS } from '@app/contracts/monitoring';
import { ImageObservation } from '@app/contracts/sagemaker';
import { ClassifierAnswer } from '../classification/classifier.port';

type Observed = Pick<ClassificationEvent, 'brightness' | 'contrast' | 'sharpness' | 'sketch'>;

/**
 * Whatever a container says, the event is one that monitor takes: a batch is taken or refused as a whole, and one strange answer
 * must not cost the others of its batch.
 */
export function classificationEvent(
  { id, model, decision, score, image, timing }: Classification,
  { predictions, outOfSetScore, observation }: ClassifierAnswer,
  at: number,
): ClassificationEvent {
  const [best, second] = predictions;
  return {
    id,
    at,
    model: { name: nameOf(model.name), version: nameOf(model.version) },
    decision,
    ...(best === undefined ? {} : { label: nameOf(best.label) }),
    score: shareOf(score),
    margin: shareOf(score - (second?.score ?? 0)),
    ...(isNumber(outOfSetScore) ? { outOfSetScore } : {}),
    width: image.width,
    height: image.height,
    ...observed(observation),
    latencyMs: rounded(timing.totalMs, 1),
  };
}

/** Containers are not under our control; what is no number is left out. */
function observed(observation: Partial<ImageObservation> | undefined): Observed {
  const { brightness, contrast, sharpness, sketch } = observation ?? {};
  if (!isNumber(brightness) || !isNumber(contrast) || !isNumber(sharpness)) return {};
  const isSketch = Array.isArray(sketch) && sketch.length <= SKETCH_DIMENSIONS && sketch.every(isNumber);
  return { brightness, contrast, sharpness, ...(isSketch ? { sketch } : {}) };
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function nameOf(name: unknown): string {
  return String(name).slice(0, MAX_EVENT_NAME_CHARACTERS);
}

/** Containers of other families round their probabilities, sometimes beyond 1. */
function shareOf(value: number): number {
  return rounded(Math.min(1, Math.max(0, value)), 6);
}

function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

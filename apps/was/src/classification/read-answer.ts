import { ProblemError } from '@app/contracts';
import { ModelAnswer, ModelPrediction } from '@app/contracts/sagemaker';

// Reads what model containers answer to an image. The family is told from the content, never from configuration, so that
// an endpoint can be replaced by one of another family while the tier runs.

/** What the three families have in common. */
export type ReadAnswer = Pick<ModelAnswer, 'predictions'> & Partial<ModelAnswer>;

type Json = unknown;

/**
 * Understands this project's own answer; `{ probabilities, labels, predicted_label }` and bare arrays of probabilities
 * (AWS built-in algorithms and JumpStart); and `[{ label, score }]` (Hugging Face).
 *
 * @param labelNames names for answers that carry positions only.
 * @throws ProblemError `bad-model-answer`
 */
export function readAnswer(json: Json, topK: number, labelNames: readonly string[] = []): ReadAnswer {
  if (isOwnAnswer(json)) return json;
  const predictions = readHuggingFace(json) ?? readProbabilities(json, labelNames);
  if (predictions === undefined || predictions.length === 0) throw new ProblemError('bad-model-answer', {});
  return { predictions: [...predictions].sort((a, b) => b.score - a.score).slice(0, topK) };
}

function isOwnAnswer(json: Json): json is ModelAnswer {
  return (
    isObject(json) &&
    isObject(json['model']) &&
    typeof json['model']['name'] === 'string' &&
    isObject(json['thresholds']) &&
    Array.isArray(json['predictions']) &&
    json['predictions'].length > 0 &&
    json['predictions'].every(
      (prediction) =>
        isObject(prediction) &&
        typeof prediction['label'] === 'string' &&
        isScore(prediction['score']) &&
        isObject(prediction['name']) &&
        typeof prediction['name']['en'] === 'string',
    )
  );
}

/** `[{ "label": "tabby cat", "score": 0.94 }]`, also wrapped once more, as pipelines answer to a list of inputs. */
function readHuggingFace(json: Json): ModelPrediction[] | undefined {
  const list: Json = Array.isArray(json) && json.length === 1 && Array.isArray(json[0]) ? json[0] : json;
  if (!Array.isArray(list)) return undefined;
  const predictions: ModelPrediction[] = [];
  for (const item of list) {
    if (!isObject(item) || typeof item['label'] !== 'string' || !isScore(item['score'])) return undefined;
    predictions.push(named(item['label'], item['score']));
  }
  return predictions;
}

/** `{ "probabilities": [...], "labels": [...] }`, `[...]`, `[[...]]` and `{ "predictions": [[...]] }` (TensorFlow Serving). */
function readProbabilities(json: Json, labelNames: readonly string[]): ModelPrediction[] | undefined {
  const holder = isObject(json) ? (json['probabilities'] ?? json['predictions']) : json;
  const scores: Json = Array.isArray(holder) && holder.length === 1 && Array.isArray(holder[0]) ? holder[0] : holder;
  if (!Array.isArray(scores) || !scores.every(isScore)) return undefined;

  const labels = isObject(json) && isTextList(json['labels']) ? json['labels'] : labelNames;
  return scores.map((score, position) => named(labels[position] ?? String(position), score));
}

function named(label: string, score: number): ModelPrediction {
  return { label, name: { en: label }, score };
}

function isScore(value: Json): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1.000001;
}

function isTextList(value: Json): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: Json): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

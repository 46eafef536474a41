import { ConfusedPair, ModelEvaluation, ModelLabel, ReliabilityBin } from '@app/contracts/sagemaker';
import { JsonObject } from './json-object';

const SHARE = { min: 0, max: 1 };
const COUNT = { integer: true, min: 0 };

/** Reads the object `evaluation`, so that whoever shows it finds labels that exist and a matrix that is whole; throws a `ManifestFault`. */
export function evaluationOf(json: JsonObject, labels: readonly ModelLabel[]): ModelEvaluation {
  const ids = labels.map(({ id }) => id);
  return {
    measuredOn: json.oneOf('measuredOn', ['validation', 'test'] as const),
    images: json.number('images', COUNT),
    confusedPairs: json.objects('confusedPairs').map((pair) => confusedPairOf(pair, ids)),
    ...json.optional('confusion', () => json.matrix('confusion', ids.length, COUNT)),
    reliability: json.objects('reliability').map(reliabilityBinOf),
  };
}

function confusedPairOf(json: JsonObject, ids: readonly string[]): ConfusedPair {
  return {
    actual: labelOf(json, 'actual', ids),
    predicted: labelOf(json, 'predicted', ids),
    images: json.number('images', COUNT),
    share: json.number('share', SHARE),
  };
}

function labelOf(json: JsonObject, name: string, ids: readonly string[]): string {
  const id = json.text(name);
  if (!ids.includes(id)) throw json.fault(name, `must be the id of a label, not "${id}"`);
  return id;
}

function reliabilityBinOf(json: JsonObject): ReliabilityBin {
  return {
    images: json.number('images', COUNT),
    confidence: json.number('confidence', SHARE),
    accuracy: json.number('accuracy', SHARE),
  };
}

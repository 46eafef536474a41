import { DEFAULT_LANGUAGE, LANGUAGES, LocalizedText } from '@app/contracts';
import { DecisionThresholds, ModelInput, ModelLabel, ModelManifest, ModelOutput } from '@app/contracts/sagemaker';
import { JsonObject, ManifestFault } from './json-object';
import { ModelPackageError } from './model-package.error';
import { baselineOf } from './parse-baseline';
import { evaluationOf } from './parse-evaluation';

/** Reads `model.json`; throws a `ModelPackageError` that names `file` and the first field that is wrong. Unknown fields are left out. */
export function parseManifest(text: string, file: string): ModelManifest {
  try {
    return manifestOf(JsonObject.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new ModelPackageError(`${file} is not JSON: ${error.message}.`);
    if (error instanceof ManifestFault) throw new ModelPackageError(`${file} is wrong: ${error.message}.`);
    throw error;
  }
}

function manifestOf(json: JsonObject): ModelManifest {
  json.oneOf('schemaVersion', [1]);
  const labels = labelsOf(json);
  return {
    schemaVersion: 1,
    name: json.text('name', /^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words with dashes'),
    version: json.text('version', /^\d+\.\d+\.\d+/, 'a semantic version such as 1.0.0'),
    created: json.text('created', /^\d{4}-\d\d-\d\d/, 'an ISO 8601 date'),
    ...json.optional('description', () => localizedText(json.object('description'))),
    labels,
    input: modelInputOf(json.object('input')),
    ...json.optional('output', () => outputOf(json.object('output'))),
    temperature: json.number('temperature', { above: 0 }),
    thresholds: thresholdsOf(json.object('thresholds')),
    ...json.optional('metrics', () => metricsOf(json.object('metrics'))),
    ...json.optional('evaluation', () => evaluationOf(json.object('evaluation'), labels)),
    ...json.optional('data', () => json.object('data').members),
    ...json.optional('provenance', () => json.object('provenance').members),
    ...json.optional('baseline', () => baselineOf(json.object('baseline'))),
  };
}

function labelsOf(json: JsonObject): ModelLabel[] {
  const labels = json.objects('labels').map((label) => ({
    id: label.text('id'),
    name: localizedText(label.object('name')),
    ...label.optional('description', () => localizedText(label.object('description'))),
  }));
  if (labels.length < 2) throw json.fault('labels', `must name at least 2 labels, not ${labels.length}`);
  const seen = new Set<string>();
  for (const { id } of labels) {
    if (seen.has(id)) throw json.fault('labels', `name the id "${id}" twice`);
    seen.add(id);
  }
  return labels;
}

/** Reads the object `input`; throws a `ManifestFault`. */
export function modelInputOf(json: JsonObject): ModelInput {
  return {
    ...json.optional('name', () => json.text('name')),
    ...json.optional('type', () => json.oneOf('type', ['uint8', 'float32'] as const)),
    size: json.number('size', { integer: true, min: 1, max: 4096 }),
    resize: json.oneOf('resize', ['shorter-side-crop', 'stretch'] as const),
    ...json.optional('mean', () => json.triple('mean', {})),
    ...json.optional('std', () => json.triple('std', { above: 0 })),
  };
}

function outputOf(json: JsonObject): ModelOutput {
  return {
    ...json.optional('name', () => json.text('name')),
    ...json.optional('kind', () => json.oneOf('kind', ['logits', 'probabilities'] as const)),
  };
}

function thresholdsOf(json: JsonObject): DecisionThresholds {
  return {
    uncertain: json.number('uncertain', { min: 0, max: 1 }),
    ...json.optional('unknown', () => json.number('unknown', {})),
  };
}

function metricsOf(json: JsonObject): Readonly<Record<string, number | string | null>> {
  const metrics: Record<string, number | string | null> = {};
  for (const [name, value] of Object.entries(json.members)) {
    if (typeof value !== 'number' && typeof value !== 'string' && value !== null) {
      throw json.fault(name, 'must be a number, a text or null');
    }
    metrics[name] = value;
  }
  return metrics;
}

function localizedText(json: JsonObject): LocalizedText {
  const others = LANGUAGES.filter((language) => json.members[language] !== undefined);
  return {
    [DEFAULT_LANGUAGE]: json.text(DEFAULT_LANGUAGE),
    ...Object.fromEntries(others.map((language) => [language, json.text(language)])),
  };
}

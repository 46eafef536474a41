import { COLOUR_MANIFEST } from '../../test/support/colour-package';
import { COLOUR_BASELINE } from '../../test/support/colour-baseline';
import { ModelPackageError } from './model-package.error';
import { parseManifest } from './parse-manifest';

const EVALUATION = {
  measuredOn: 'validation',
  images: 9,
  confusedPairs: [{ actual: 'red', predicted: 'green', images: 1, share: 0.3333 }],
  confusion: [
    [2, 1, 0],
    [0, 3, 0],
    [0, 0, 3],
  ],
  reliability: [{ images: 9, confidence: 0.9, accuracy: 0.8889 }],
};

describe('parseManifest', () => {
  const parse = (manifest: unknown) => parseManifest(JSON.stringify(manifest), 'model.json');
  const withChanges = (changes: object) => ({ ...COLOUR_MANIFEST, ...changes });
  const withBaseline = (changes: object) => withChanges({ baseline: { ...COLOUR_BASELINE, ...changes } });
  const withEvaluation = (changes: object) => withChanges({ evaluation: { ...EVALUATION, ...changes } });
  const { labels, input } = COLOUR_MANIFEST;

  it('reads all that a manifest may say', () => {
    const full = withChanges({
      description: { en: 'tells colours apart' },
      labels: labels.map((label) => ({ ...label, description: { en: 'a colour', ko: '색' } })),
      input: { name: 'x', type: 'float32', size: 64, resize: 'stretch', mean: [0.1, 0.2, 0.3], std: [1, 2, 3] },
      output: { name: 'y', kind: 'probabilities' },
      metrics: { top1: 0.9, note: 'made up', top5: null },
      evaluation: EVALUATION,
      data: { hash: 'abc', counts: [1, 2] },
      provenance: { recipe: { epochs: 3 } },
      baseline: COLOUR_BASELINE,
    });

    expect(parse(full)).toEqual(full);
    const { outOfSetDeciles, sketch, imageDeciles, ...old } = COLOUR_BASELINE;
    const { confusion, ...large } = EVALUATION;
    expect(parse(withChanges({ evaluation: large })).evaluation).toEqual(large);
    expect(parse(withChanges({ baseline: old })).baseline).toEqual(old);
  });

  it('leaves out what it does not know', () => {
    expect(parse(withChanges({ comment: 'hello', input: { ...input, colour: 'RGB' } }))).toEqual(COLOUR_MANIFEST);
  });

  it.each<[unknown, string]>([
    [[], 'it must be an object'],
    [withChanges({ schemaVersion: 2 }), 'schemaVersion must be 1'],
    [withChanges({ name: 'Not A Name' }), 'name must be lower-case words with dashes'],
    [withChanges({ version: 'latest' }), 'version must be a semantic version such as 1.0.0'],
    [withChanges({ created: 'yesterday' }), 'created must be an ISO 8601 date'],
    [withChanges({ labels: 'red' }), 'labels must be an array'],
    [withChanges({ labels: [] }), 'labels must name at least 2 labels, not 0'],
    [withChanges({ labels: [...labels, labels[1]] }), 'labels name the id "green" twice'],
    [withChanges({ labels: [...labels, { id: 'x', name: 'x' }] }), 'labels[3].name must be an object'],
    [withChanges({ labels: [...labels, { id: 'x', name: { ko: 'x' } }] }), 'labels[3].name.en must be a text'],
    [withChanges({ labels: [...labels, { id: ' ', name: { en: 'x' } }] }), 'labels[3].id must be a text'],
    [withChanges({ input: undefined }), 'input must be an object'],
    [withChanges({ input: { ...input, size: 64.5 } }), 'input.size must be a whole number'],
    [withChanges({ input: { ...input, size: 0 } }), 'input.size must be between 1 and 4096, not 0'],
    [withChanges({ input: { ...input, resize: 'cover' } }), 'input.resize must be shorter-side-crop or stretch'],
    [withChanges({ input: { ...input, mean: [0, 0] } }), 'input.mean must be three numbers, for red, green and blue'],
    [withChanges({ input: { ...input, std: [1, 0, 1] } }), 'input.std must be greater than 0, not 0'],
    [withChanges({ output: { kind: 'scores' } }), 'output.kind must be logits or probabilities'],
    [withChanges({ temperature: -1 }), 'temperature must be greater than 0, not -1'],
    [withChanges({ temperature: '1' }), 'temperature must be a number'],
    [withChanges({ thresholds: { uncertain: -0.1 } }), 'thresholds.uncertain must be between 0 and 1, not -0.1'],
    [withChanges({ thresholds: { uncertain: 0.5, unknown: 'no' } }), 'thresholds.unknown must be a number'],
    [withChanges({ metrics: { top1: [1] } }), 'metrics.top1 must be a number, a text or null'],
    [withEvaluation({ measuredOn: 'a whim' }), 'evaluation.measuredOn must be validation or test'],
    [withEvaluation({ confusion: [[1]] }), 'evaluation.confusion must have 3 rows of 3 numbers'],
    [withEvaluation({ confusion: [1, 2, 3] }), 'evaluation.confusion must have 3 rows of 3 numbers'],
    [
      withEvaluation({ confusedPairs: [{ ...EVALUATION.confusedPairs[0], predicted: 'pink' }] }),
      'evaluation.confusedPairs[0].predicted must be the id of a label, not "pink"',
    ],
    [
      withEvaluation({ reliability: [{ images: 3, confidence: 1.2, accuracy: 1 }] }),
      'evaluation.reliability[0].confidence must be between 0 and 1, not 1.2',
    ],
    [withBaseline({ images: 0 }), 'baseline.images must be greater than 0, not 0'],
    [withBaseline({ featureVariance: [1] }), 'baseline.featureVariance must be 3 numbers'],
    [withBaseline({ labelShares: { red: 2 } }), 'baseline.labelShares.red must be between 0 and 1, not 2'],
    [withBaseline({ outOfSetDeciles: [1, 2] }), 'baseline.outOfSetDeciles must be 9 numbers'],
    [withBaseline({ sketch: { mean: [] } }), 'baseline.sketch.mean must be 32 numbers'],
    [withBaseline({ imageDeciles: {} }), 'baseline.imageDeciles.brightness must be an array'],
  ])('refuses %j', (manifest, fault) => {
    expect(() => parse(manifest)).toThrow(new ModelPackageError(`model.json is wrong: ${fault}.`));
  });

  it('refuses what is not JSON', () => {
    expect(() => parseManifest('{', 'model.json')).toThrow(/^model\.json is not JSON: .*\.$/);
  });
});

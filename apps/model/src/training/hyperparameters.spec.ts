import { checkHyperparameters, settingsOf } from './hyperparameters';

const check = (given: Readonly<Record<string, unknown>>) => checkHyperparameters({ 'model-name': 'flowers', ...given });

describe('checkHyperparameters', () => {
  it('fills in what is not given, and passes over names of SageMaker', () => {
    const own = {
      sagemaker_program: 'x',
      sagemaker_region: 'eu-west-1',
      _tuning_objective_metric: 'validation:accuracy',
    };

    const values = check({ ...own, folds: '3' });

    expect(values).toMatchObject({ 'model-name': 'flowers', folds: '3', method: 'fit', 'l2-strength': 'auto' });
    expect(Object.keys(values)).toHaveLength(14);
  });

  it.each<[string, unknown, string]>([
    ['learning_rate', '1', '"learning_rate" is not known, the nearest name is "learning-rate"'],
    ['epoch', '1', '"epoch" is not known, the nearest name is "epochs"'],
    [
      'model-name',
      undefined,
      '"model-name" is missing and must be lower-case words with dashes, for example `flowers`',
    ],
    [
      'model-name',
      'My Flowers',
      '"model-name" must be lower-case words with dashes, for example `flowers`, not "My Flowers"',
    ],
    ['method', 'adam', '"method" must be `fit` or `epochs`, not "adam"'],
    ['folds', '1', '"folds" must be a whole number from 2 to 20, not "1"'],
    ['folds', '2.5', '"folds" must be a whole number from 2 to 20, not "2.5"'],
    ['folds', '', '"folds" must be a whole number from 2 to 20, not ""'],
    ['seed', '0x10', '"seed" must be a whole number from 0 to 2147483647, not "0x10"'],
    ['seed', 3, '"seed" must be given as text, in quotes, not as 3'],
    ['l2-strength', '-1', '"l2-strength" must be a number from 0 to 1000000000, or `auto`, not "-1"'],
    ['learning-rate', 'auto', '"learning-rate" must be a number from 1e-9 to 1000, not "auto"'],
    ['learning-rate', 'NaN', '"learning-rate" must be a number from 1e-9 to 1000, not "NaN"'],
  ])('refuses %s = %j', (name, value, fault) => {
    expect(() => check({ [name]: value })).toThrow(`The hyperparameters are wrong: ${fault}.`);
  });

  it('names every fault at once', () => {
    expect(() => check({ 'flipped-views': 'yes', 'validation-share': '0.3', 'test-share': '0.3', foldz: '5' })).toThrow(
      expect.objectContaining({
        code: 'bad-hyperparameters',
        message:
          'The hyperparameters are wrong: "foldz" is not known, the nearest name is "folds"; "flipped-views" must be `true` or ' +
          '`false`, not "yes"; "validation-share" and "test-share" must leave at least half of the images to learn from.',
      }),
    );
  });
});

it('gives settings their types', () => {
  const settings = settingsOf(check({ method: 'epochs', 'l2-strength': '1e2', 'flipped-views': 'false', seed: '7' }));

  expect(settings).toMatchObject({ method: 'epochs', l2Strength: 100, flippedViews: false, seed: 7, inputSize: 128 });
  expect(settingsOf(check({})).l2Strength).toBe('auto');
});

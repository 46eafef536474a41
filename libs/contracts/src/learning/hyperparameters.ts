/** What can be set for a training job. SageMaker hands every value over as a string; the names and limits are here, once, for all who use them. */
export type HyperparameterKind = 'text' | 'integer' | 'number' | 'choice';

export interface Hyperparameter {
  readonly name: string;
  readonly kind: HyperparameterKind;
  /** Absent where a value must be given. */
  readonly default?: string;
  /** One sentence. */
  readonly meaning: string;
  /** Of a `choice`. */
  readonly choices?: readonly string[];
  /** Of a `text`: what it must look like, as an expression and in words. */
  readonly pattern?: RegExp;
  readonly patternWords?: string;
  /** Both inclusive, of a number. */
  readonly min?: number;
  readonly max?: number;
  /** Whether the value may also be `auto`. */
  readonly auto?: boolean;
}

/** In the order in which they are documented. */
export const HYPERPARAMETERS = [
  {
    name: 'model-name',
    kind: 'text',
    meaning: 'Name of the model, which answers carry.',
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
    patternWords: 'lower-case words with dashes, for example `flowers`',
  },
  {
    name: 'method',
    kind: 'choice',
    default: 'fit',
    choices: ['fit', 'epochs'],
    meaning:
      '`fit` goes to the optimum and chooses the L2 strength itself; `epochs` is plain training by mini-batches.',
  },
  {
    name: 'l2-strength',
    kind: 'number',
    default: 'auto',
    auto: true,
    min: 0,
    max: 1e9,
    meaning: 'Strength of the L2 penalty; `auto` chooses it by cross-validation (with `epochs`: none).',
  },
  {
    name: 'folds',
    kind: 'integer',
    default: '5',
    min: 2,
    max: 20,
    meaning: 'Parts of the cross-validation; with `fit` only.',
  },
  {
    name: 'epochs',
    kind: 'integer',
    default: '30',
    min: 1,
    max: 10_000,
    meaning: 'How often every image is seen; with `epochs` only.',
  },
  {
    name: 'batch-size',
    kind: 'integer',
    default: '32',
    min: 1,
    max: 65_536,
    meaning: 'Images of a mini-batch; with `epochs` only.',
  },
  {
    name: 'learning-rate',
    kind: 'number',
    default: '0.1',
    min: 1e-9,
    max: 1000,
    meaning: 'Learning rate at the beginning; it falls to 0 along a cosine. With `epochs` only.',
  },
  {
    name: 'flipped-views',
    kind: 'choice',
    default: 'true',
    choices: ['true', 'false'],
    meaning: 'Whether mirrored images are learnt from too, for a second forward pass an image.',
  },
  {
    name: 'input-size',
    kind: 'integer',
    default: '128',
    min: 32,
    max: 1024,
    meaning: 'Side of the square that the model sees, in pixels; must suit the backbone.',
  },
  {
    name: 'validation-share',
    kind: 'number',
    default: '0.15',
    min: 0.01,
    max: 0.4,
    meaning: 'Share of the training images that choose temperature and thresholds.',
  },
  {
    name: 'test-share',
    kind: 'number',
    default: '0',
    min: 0,
    max: 0.4,
    meaning: 'Share of the training images that are kept for evaluation; 0 when there is test data of its own.',
  },
  {
    name: 'selective-accuracy',
    kind: 'number',
    default: '0.99',
    min: 0.5,
    max: 1,
    meaning: 'How often an answer that is not `uncertain` has to be right.',
  },
  {
    name: 'unknown-false-alarms',
    kind: 'number',
    default: '0.05',
    min: 0,
    max: 0.5,
    meaning: 'Share of images of known things that may be called `unknown`.',
  },
  {
    name: 'seed',
    kind: 'integer',
    default: '0',
    min: 0,
    max: 2 ** 31 - 1,
    meaning: 'Decides the split and every random choice: the same data and seed give the same model.',
  },
] as const satisfies readonly Hyperparameter[];

export type HyperparameterName = (typeof HYPERPARAMETERS)[number]['name'];

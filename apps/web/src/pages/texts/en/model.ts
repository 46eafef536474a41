import { ModelEvaluation } from '@app/contracts/sagemaker';
import { formats } from './formats';
import { metrics } from './metrics';
import { sentenceCase } from './sentence-case';

const { number, percent, exactPercent, date } = formats;

/** The model card. */
export const model = {
  title: (name: string) => `Model ${name}`,
  heading: 'About the model',
  contents: 'On this page',
  noDescription: 'The endpoint does not describe its model, so only its name is known here.',
  version: 'Version',
  variant: 'Served by variant',
  created: 'Made on',
  input: 'What it sees',
  inputValue: {
    'shorter-side-crop': (size: number) => `the middle square of a photo, shrunk to ${size}\u00a0×\u00a0${size} pixels`,
    stretch: (size: number) => `the whole photo, squeezed to ${size}\u00a0×\u00a0${size} pixels`,
  },
  explains: 'Can show where it looked',
  yes: 'yes',
  no: 'no',
  date,
  number,
  exactPercent,

  metricsHeading: 'How good it is',
  metricsLead: 'Measured figures, as the model package states them.',
  noMetrics: 'This model was delivered without measured figures.',
  metrics,
  figure: (value: number | string | null, share: boolean) => {
    if (value === null) return 'not measured';
    if (typeof value === 'string') return value;
    return share ? exactPercent(value) : formats.precise(value);
  },
  unnamedMetric: (name: string) => sentenceCase(name.replace(/[_-]+|(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()),
  measuredOn: {
    validation: 'Measured on validation images, which had a part in choosing its thresholds: a little too kind.',
    test: 'Measured on test images that it never saw.',
  } satisfies Record<ModelEvaluation['measuredOn'], string>,

  calibrationHeading: 'Whether its certainty can be believed',
  calibrationLead: 'A model is calibrated when it is right in 80\u00a0% of the cases in which it is 80\u00a0% sure.',
  noReliability:
    'This model was delivered without the figures for a reliability diagram. Models that are trained with this product have them.',
  reliability: {
    title: 'Certainty and how often it was right',
    alt: (groups: number, confidence: number, accuracy: number) =>
      `Reliability diagram of ${number(groups)} groups of images. On average the model was ` +
      `${exactPercent(confidence)} sure and ${exactPercent(accuracy)} right.`,
    reading: (confidence: number, accuracy: number) =>
      `On average it was ${exactPercent(confidence)} sure, and right in ${exactPercent(accuracy)} of the cases.`,
    legend:
      'Each dot is a group of images with a like certainty. On the line, certainty is just right; below it, the model is too sure.',
    right: 'right',
    sure: 'sure',
    table: 'Show the figures',
    columns: { confidence: 'Certainty', accuracy: 'Right', images: 'Images' },
  },

  confusionHeading: 'What it mixes up',
  noConfusion:
    'This model was delivered without its confusion matrix. Models that are trained with this product have one.',
  noMistakes: (images: number) => `It made no mistake on the ${number(images)} images that were measured.`,
  matrix: {
    title: 'Confusion matrix',
    lead: 'Rows: what the photos show. Columns: what the model called them. The right answers are on the diagonal.',
    corner: 'Shown',
  },
  pairs: {
    title: (shown: number) =>
      shown === 1 ? 'The most frequent mistake' : `The ${number(shown)} most frequent mistakes`,
    more: 'Show more',
    columns: { actual: 'Shown', predicted: 'Called', images: 'Images', share: 'Of all that show it' },
  },

  decisionsHeading: 'When it does not know',
  decisions: {
    label: 'It names a thing when its certainty is high enough.',
    uncertain: (threshold: number) => `Below ${percent(threshold)} certainty it says that it is not sure.`,
    unknown:
      'When a photo is too unlike everything it was trained on, it says so and names nothing. ' +
      'This test is weak: many unfamiliar things still get a name, a wrong one.',
    noUnknown: 'It has no test for things it was never shown: of those, too, it names the closest it knows.',
  },

  limitsHeading: 'What it cannot do',
  limits: [
    'It can only answer with one of its labels, and only with one thing per photo.',
    'Small things, several things at once, drawings and unusual views are hard for it.',
    'It sees only a small version of the photo; fine detail is lost.',
    'Do not use it to decide anything about people, or where a wrong answer could hurt someone.',
  ],

  originHeading: 'Data and licence',
  origin: {
    data: 'Training data',
    source: 'From',
    terms: 'Terms of the data',
    trainingImages: 'Images it learnt from',
    validationImages: 'Images that set its thresholds',
    madeBy: 'How it was made',
    network: 'Network',
    recipe: 'Training',
    license: 'Licence of the model',
  },
  noOrigin: 'This model was delivered without a word on its data.',
  noLicense: 'not stated in the package',

  labelsHeading: (count: number) => (count === 1 ? 'The thing it knows' : `The ${number(count)} things it knows`),
  labelsHint: 'Open the list, then search it with your browser (Ctrl+F or ⌘F).',
  showLabels: (count: number) => `Show all ${number(count)}`,
  noLabels: 'The endpoint does not tell which labels its model knows.',
};

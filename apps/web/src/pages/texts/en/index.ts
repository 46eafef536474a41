import { DEFAULT_LANGUAGE, ENGLISH_PROBLEM_TEXTS, Language } from '@app/contracts';
import { Zone } from '../../where-it-looked';
import { docs } from './docs';
import { formats } from './formats';
import { model } from './model';
import { monitoring } from './monitoring';
import { problemPage } from './problem-page';
import { sentenceCase } from './sentence-case';
import { status } from './status';
import { uploadPage } from './upload-page';

// Everything a person can read here, in English: the other languages have its shape. What problems say stands in the
// catalogue of problems; names of labels come from the model.

const { number, percent, milliseconds, fileSize } = formats;

const zoneNames: Readonly<Record<Zone, string>> = {
  'upper-left': 'the upper left',
  top: 'the top',
  'upper-right': 'the upper right',
  left: 'the left',
  centre: 'the centre',
  right: 'the right',
  'lower-left': 'the lower left',
  bottom: 'the bottom',
  'lower-right': 'the lower right',
};

export const en = {
  language: DEFAULT_LANGUAGE as Language,
  /** What the language calls itself. */
  ownName: 'English',
  languages: 'Language',
  productName: 'Image classifier',
  skipToContent: 'Skip to the content',
  nav: { label: 'Pages', photo: 'Photo', model: 'Model', status: 'Status', docs: 'API' },
  footer: (version: string) => `Image classifier ${version}. Nothing you send is kept, unless you agree to it.`,
  title: (page: string) => `${page} - Image classifier`,

  upload: {
    heading: 'What is in your photo?',
    headingAgain: 'Try another photo',
    lead: 'Send a photo of one thing, and read what it most likely is.',
    /** A sentence whose middle is a link to the model. */
    knows: (model: string, labels: number) => ({
      before: `The model ${model} knows `,
      link: `${number(labels)} things`,
      after: '.',
    }),
    notKept: 'Photos are looked at and forgotten: none is kept, unless you agree to it afterwards.',
  },

  uploadPage,

  result: {
    kicker: { label: 'Most likely', uncertain: 'Best guess', unknown: 'No match' },
    label: (name: string, score: number) => `${sentenceCase(name)}, ${sure(score)}`,
    uncertain: (name: string, score: number) => `Not sure. The closest is ${name}, ${percent(score)}`,
    unknown: 'This does not look like anything this model knows',
    uncertainHelp: 'It may well be something else. A closer, brighter photo of a single thing often helps.',
    unknownHelp: 'The model can only name what it was trained on.',
    unknownLink: 'See everything it knows',
    guesses: 'What it could be',
    guessesUnknown: 'The closest guesses, which are probably wrong',
    percent,
    answeredBy: (model: string, durationMs: number) => `Answered by ${model} in ${milliseconds(durationMs)}.`,
    modelCard: 'About this model',
    details: 'Details',
    photo: 'Photo',
    photoValue: (width: number, height: number, format: string, bytes: number) =>
      `${number(width)} × ${number(height)} pixels, ${format}, ${fileSize(bytes)}`,
    decode: 'Reading and shrinking the photo',
    queue: 'Waiting for a free place',
    infer: 'The model itself',
    total: 'All together',
    variant: 'Variant',
    id: 'Reference',
    milliseconds,
    heatmapTitle: 'Where the model looked',
    heatmapAlt: 'Map of the photo: the brighter a cell, the more it spoke for the answer.',
    looked: (zones: readonly Zone[]) =>
      `The model looked mostly at ${formats.and(zones.map((zone) => zoneNames[zone]))}.`,
    lookedEverywhere: 'The model looked at the photo as a whole.',
    sawOnlyPart: 'It sees only the middle square of a photo; the rest is shaded most.',
  },

  feedback: {
    question: 'Was this right?',
    yes: 'Yes',
    no: 'No',
    label: 'What is it?',
    unsaid: 'I cannot say',
    other: 'Something that is not in this list',
    guesses: 'Its other guesses',
    known: 'Everything else it knows',
    consent: 'Keep my photo, so that the model can learn from it',
    consentMeans:
      'Without this, only your answer is kept. With it, a smaller copy of the photo is kept too, without its place, time ' +
      'and camera. The people who run this service may look at it and train models with it. You can take it back right afterwards.',
    photo: 'Your photo, once more',
    photoHint: 'Nothing of it was kept, so the same file has to be chosen again.',
    submit: 'Send feedback',
    thanks: 'Thank you',
    kept: 'Your answer is kept. No photo is.',
    keptWithPhoto: 'Your answer and a copy of your photo are kept.',
    withdraw: 'Take it back',
    withdrawn: 'Taken back',
    nothingKept: 'Your feedback is deleted. Nothing of it is kept any more.',
    next: 'Try another photo',
  },

  problem: {
    reference: 'Reference for support:',
    chooseAnother: 'Choose another photo',
    home: 'Go to the start page',
    titlePrefix: (title: string) => `Error: ${title}`,
  },

  model,

  status,

  monitoring: { ...monitoring, percent, milliseconds, number },

  docs,

  problemPage,

  problems: {
    kind: 'A kind of problem',
    code: 'Code',
    status: 'HTTP status',
    says: 'For example',
    lead: 'Programs can rely on the code; the sentence is for people. Replies with it look like this:',
  },

  problemTexts: ENGLISH_PROBLEM_TEXTS,
};

/** What every language has to say. */
export type Texts = typeof en;

function sure(score: number): string {
  if (score < 0.01) return 'less than 1\u00a0% sure';
  return score > 0.99 ? 'more than 99\u00a0% sure' : `${percent(score)} sure`;
}

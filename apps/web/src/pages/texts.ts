import { DEFAULT_LANGUAGE, Language, ProblemError } from '@app/contracts';
import { TierState, TierStatus } from '@app/contracts/classification';
import { monitoring } from './monitoring-texts';
import { uploadPage } from './upload-texts';
import { Zone } from './where-it-looked';

// Everything the pages say, in English. A further language is one more value of `Texts`. Problems say what the catalogue
// of problems says; names of labels come from the model.

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

interface MetricText {
  readonly name: string;
  readonly meaning: string;
  /** Shares are shown as percents. */
  readonly share: boolean;
}

/** The figures that model packages of this project carry; others are shown by their own name. */
const metrics: Readonly<Record<string, MetricText>> = {
  accuracy: { name: 'Right', meaning: 'How often its first answer is right.', share: true },
  top1: { name: 'Right', meaning: 'How often its first answer is right.', share: true },
  top5: { name: 'Right among five', meaning: 'How often the right answer is among its first five.', share: true },
  macroF1: {
    name: 'Macro F1',
    meaning: 'Right answers and missed ones in one figure, every label counting the same; 1 is best.',
    share: false,
  },
  ece: {
    name: 'Calibration error',
    meaning: 'How far its stated certainty is from how often it is right, on average (ECE).',
    share: true,
  },
  logLoss: { name: 'Log loss', meaning: 'What wrong certainty costs; lower is better, 0 is best.', share: false },
  validationImages: { name: 'Images measured', meaning: 'How many images the other figures come from.', share: false },
  answeredShare: { name: 'Answered', meaning: 'How often it is sure enough to name something.', share: true },
  answeredRight: { name: 'Right when sure', meaning: 'How often it is right when it names something.', share: true },
  photosTop1: {
    name: 'Right on photos',
    meaning: 'The same on photos of full size, as people send them.',
    share: true,
  },
  photosTop5: { name: 'Right among five on photos', meaning: 'The right answer among its first five.', share: true },
  photos: {
    name: 'Photos measured',
    meaning: 'How many photos the figures for photos come from; the fewer, the rougher they are.',
    share: false,
  },
  unknownFalseAlarms: {
    name: 'Known, called unknown',
    meaning: 'How often it calls a photo of a thing it knows unknown.',
    share: true,
  },
  unknownFoundOtherPhotos: {
    name: 'Unknown, found out',
    meaning: 'How often it notices that a photo shows none of the things it knows.',
    share: true,
  },
  unknownFoundFlowers: {
    name: 'Unknown flowers, found out',
    meaning: 'The same for photos of flowers that it does not know.',
    share: true,
  },
};

const en = {
  language: DEFAULT_LANGUAGE as Language,
  /** Language of the names that come from the model. */
  nameLanguage: DEFAULT_LANGUAGE as Language,
  productName: 'Image classifier',
  skipToContent: 'Skip to the content',
  nav: { label: 'Pages', photo: 'Photo', model: 'Model', status: 'Status', docs: 'API' },
  footer: (version: string) => `Image classifier ${version}. Nothing you send is kept, unless you agree to it.`,
  title: (page: string) => `${page} - Image classifier`,

  upload: {
    heading: 'What is in your photo?',
    headingAgain: 'Try another photo',
    lead: 'Send a photo of one thing, and read what it most likely is.',
    model: (name: string) => `The model ${name} knows`,
    knows: (labels: number) => `${number(labels)} things`,
    notKept: 'Photos are looked at and forgotten: none is kept, unless you agree to it afterwards.',
    field: 'Your photo',
    hint: (formats: readonly string[], megabytes: number) => `${join(formats, 'or')}, up to ${megabytes} MB.`,
    hintWithScript: 'You can also drop it on this page, or paste it.',
    heatmap: 'Show where the model looked',
    submit: 'Look at the photo',
    cancel: 'Cancel',
    progress: 'Progress',
    previewAlt: 'The photo you chose',
  },

  browser: {
    severalPhotos: { title: 'One photo at a time', detail: 'Choose, drop or paste a single photo.' },
    unreachable: {
      title: 'The service cannot be reached',
      detail: 'Your photo is still chosen. Check your connection, then send it again.',
    },
    unexpected: {
      title: 'No usable answer came back',
      detail: 'Your photo is still chosen. Wait a moment, then send it again.',
    },
    feedbackLost: {
      title: 'Your feedback did not arrive',
      detail: 'Check your connection, then send it again.',
    },
    sending: 'Sending the photo: {percent}\u00a0%',
    looking: 'Looking at the photo …',
    cancelled: 'Cancelled. Your photo is still chosen.',
    chosen: 'Photo chosen.',
    dropHere: 'Drop the photo here',
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
      `The model looked mostly at ${join(
        zones.map((zone) => zoneNames[zone]),
        'and',
      )}.`,
    lookedEverywhere: 'The model looked at the photo as a whole.',
    sawOnlyPart: 'It sees only the middle square of a photo; the rest is shaded most.',
  },

  feedback: {
    heading: 'Feedback',
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

  model: {
    title: (name: string) => `Model ${name}`,
    heading: 'About the model',
    noDescription: 'The endpoint does not describe its model, so only its name is known here.',
    version: 'Version',
    variant: 'Served by variant',
    created: 'Made on',
    input: 'What it sees',
    inputValue: {
      'shorter-side-crop': (size: number) =>
        `the middle square of a photo, shrunk to ${size}\u00a0×\u00a0${size} pixels`,
      stretch: (size: number) => `the whole photo, squeezed to ${size}\u00a0×\u00a0${size} pixels`,
    },
    explains: 'Can show where it looked',
    yes: 'yes',
    no: 'no',
    decisionsHeading: 'How it decides',
    decisions: {
      label: 'It names a thing when its certainty is high enough.',
      uncertain: (threshold: number) => `Below ${percent(threshold)} certainty it says that it is not sure.`,
      unknown:
        'When a photo is too unlike everything it was trained on, it says so and names nothing. ' +
        'This test is weak: many unfamiliar things still get a name, a wrong one.',
      noUnknown: 'It has no test for things it was never shown: of those, too, it names the closest it knows.',
    },
    metricsHeading: 'How good it is',
    metricsLead: 'Measured figures, as the model package states them.',
    metrics,
    date,
    percent,
    figure,
    limitsHeading: 'What it cannot do',
    limits: [
      'It can only answer with one of its labels, and only with one thing per photo.',
      'Small things, several things at once, drawings and unusual views are hard for it.',
      'It sees only a small version of the photo; fine detail is lost.',
      'Do not use it where a wrong answer could hurt someone.',
    ],
    labelsHeading: (count: number) => `The ${number(count)} things it knows`,
    labelsHint: 'Search the list with your browser (Ctrl+F or ⌘F).',
    unnamedMetric: (name: string) => sentenceCase(name.replace(/[_-]+|(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()),
    noLabels: 'The endpoint does not tell which labels its model knows.',
  },

  status: {
    heading: 'Status',
    overall: {
      ok: 'Everything works. Photos can be sent.',
      starting: 'The service is starting. Try again in a moment.',
      unavailable: 'Photos cannot be answered right now.',
    } satisfies Record<TierState, string>,
    states: { ok: 'Works', starting: 'Starting', unavailable: 'Not available' } satisfies Record<TierState, string>,
    tiers: {
      web: { name: 'Web', role: 'serves these pages and the API' },
      was: { name: 'Business tier', role: 'checks photos and decides what an answer amounts to' },
      model: { name: 'Model', role: 'looks at photos' },
      monitor: { name: 'Monitor', role: 'watches whether photos are still like those the model learnt from' },
    } satisfies Record<TierStatus['name'], { name: string; role: string }>,
    version: (version: string) => `Version ${version}`,
    latency: (durationMs: number) => `answered in ${milliseconds(durationMs)}`,
    partsHeading: 'The parts',
  },

  monitoring: { ...monitoring, percent, milliseconds, number },

  docs: {
    heading: 'API',
    noScript: 'The viewer needs JavaScript. The description itself is at',
  },

  problems: {
    kind: 'A kind of problem',
    code: 'Code',
    status: 'HTTP status',
    says: 'For example',
    lead: 'Programs can rely on the code; the sentence is for people. Replies with it look like this:',
  },
};

export type Texts = typeof en;

/** The texts in this language; English where there are none yet. */
export function textsIn(language: Language): Texts {
  return { ...en, nameLanguage: language };
}

/** Title and sentence of a problem, as pages and scripts show them. */
export function problemTexts(problem: ProblemError): { title: string; detail: string } {
  const { title, detail } = problem.toDocument();
  return { title, detail };
}

/** Whole percents, and never a certainty that no model has: `<1 %`, `87 %`, `>99 %`. */
function percent(share: number): string {
  if (share < 0.01) return '<1\u00a0%';
  if (share > 0.99) return '>99\u00a0%';
  return `${Math.round(share * 100)}\u00a0%`;
}

function sure(score: number): string {
  if (score < 0.01) return 'less than 1\u00a0% sure';
  return score > 0.99 ? 'more than 99\u00a0% sure' : `${percent(score)} sure`;
}

/** Leaves `iPod` alone. */
function sentenceCase(text: string): string {
  return /^\p{Ll}(?!\p{Lu})/u.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function milliseconds(durationMs: number): string {
  if (durationMs >= 1000) return `${(durationMs / 1000).toFixed(1)} s`;
  return durationMs > 0 && durationMs < 1 ? '<1 ms' : `${Math.round(durationMs)} ms`;
}

function fileSize(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`;
}

function date(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
}

/** A measured figure as the table of the model page shows it. */
function figure(value: number | string | null, share: boolean): string {
  if (value === null) return 'not measured';
  if (typeof value === 'string') return value;
  return share ? `${(value * 100).toFixed(1)}\u00a0%` : value.toLocaleString('en', { maximumFractionDigits: 3 });
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function join(words: readonly string[], conjunction: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) ?? ''}`;
}

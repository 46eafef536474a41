import { BrowserSentences } from '../../browser-texts';
import { formats } from './formats';

// What the start page says of photos, answers and what is kept on the device. `{name}` and the like are filled in by the browser.

const { fileSize, number } = formats;

export const uploadPage = {
  choose: 'Your photos',
  takePhoto: 'Or take one now',
  limits: (imageFormats: readonly string[], bytes: number, photos: number) =>
    `${formats.or(imageFormats)}, up to ${fileSize(bytes)} each, ${photos} at once.`,
  otherWays: 'You can also drop them anywhere on this page, or paste them.',
  shrink: 'Make large photos smaller before sending',
  shrinkMeans: (pixels: number) =>
    `Done on this device, to ${number(pixels)} pixels on the longer side: quicker, and the answer stays the same.`,
  submit: 'Look at the photo',
  photos: 'Your photos and their answers',
  removeAll: 'Remove all',

  sample: {
    heading: 'No photo at hand?',
    lead: 'Try a picture that was drawn for this page. The last one shows nothing that the model knows.',
    names: {
      'school-bus': 'School bus',
      lighthouse: 'Lighthouse',
      lemon: 'Lemon',
      'evening-sky': 'Evening sky',
    },
  },

  card: {
    cancel: 'Cancel',
    retry: 'Try again',
    remove: 'Remove',
    chooseAnother: 'Choose another photo',
    progress: 'Progress',
    previewAlt: 'Preview of {name}',
  },

  answer: {
    uncertain: (name: string) => `Not sure: ${name}`,
    unknown: 'None of the things it knows',
    json: 'Download this answer as JSON',
    copyJson: 'Copy the JSON',
    search: 'Search the list',
    searchHint: 'Type a part of its name.',
  },

  comparison: {
    heading: 'All answers',
    photo: 'Photo',
    answer: 'Answer',
    certainty: 'Certainty',
    unnamed: (position: number) => `Photo ${position}`,
    csv: 'Download as CSV',
  },

  results: {
    heading: (answers: number, photos: number) =>
      answers === photos ? `${photos} photos, ${answers} answers` : `${answers} of ${photos} photos have an answer`,
    again: 'Try other photos',
  },

  history: {
    heading: 'Earlier answers on this device',
    keep: 'Keep my last 12 answers on this device',
    means:
      'With a small picture of each photo, in this browser only. Nothing of it is sent to anyone. Switching it off deletes them.',
    clear: 'Delete them all',
    list: 'Earlier answers',
  },

  browser: {
    submitSeveral: 'Look at {count} photos',
    chosen: 'Photo chosen.',
    chosenSeveral: '{count} photos chosen.',
    dropHere: 'Drop the photos here',
    tooMany: {
      title: 'That is too many photos at once',
      detail: '{limit} have room here. {left} were left out: remove some that you no longer need, then add them again.',
    },
    nothingChosen: { title: 'There is no photo yet', detail: 'Choose one first, or try a sample below.' },
    unreachable: {
      title: 'The service cannot be reached',
      detail: 'The photo is still here. Check your connection, then try again.',
    },
    unexpected: {
      title: 'No usable answer came back',
      detail: 'The photo is still here. Wait a moment, then try again.',
    },
    feedbackLost: {
      title: 'Your feedback did not arrive',
      detail: 'Check your connection, then send it again.',
    },
    sampleLost: { title: 'The sample did not arrive', detail: 'Check your connection, then try it again.' },
    size: '{width} × {height} pixels, {bytes}',
    shrunkSize: '{width} × {height} pixels, {bytes}; sent as {sentWidth} × {sentHeight} pixels, {sentBytes}',
    waiting: 'Waiting for its turn',
    sending: 'Sending: {percent}\u00a0%',
    looking: 'Looking at the photo …',
    pausing: 'The service is busy or starting. Trying again in {seconds} s …',
    offline: 'You are offline. The photo goes out by itself when the connection is back.',
    cancelled: 'Cancelled. The photo is still here.',
    copied: 'Copied.',
    cleared: 'Deleted from this device.',
    progress: '{done} of {count} done',
    answered: '{name}: {answer}.',
    removed: 'Removed.',
    matches: '{count} in the list',
    csvColumns: ['photo', 'decision', 'label', 'name', 'certainty', 'model', 'version', 'id'],
  } satisfies BrowserSentences as BrowserSentences,
};

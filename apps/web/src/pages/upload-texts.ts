import { BrowserSentences } from './browser-texts';

// What the start page says of photos, answers and what is kept on the device, in English and Korean.

/** `{name}` and the like in texts for the browser are filled in there. */
export interface UploadPageTexts {
  /** Two ways to fill the form. */
  readonly choose: string;
  readonly takePhoto: string;
  readonly limits: (formats: readonly string[], megabytes: number, photos: number) => string;
  readonly otherWays: string;
  readonly shrink: string;
  readonly shrinkMeans: (pixels: number) => string;
  readonly submit: string;
  readonly photos: string;
  readonly removeAll: string;

  readonly sample: {
    readonly heading: string;
    readonly lead: string;
    readonly names: Readonly<Record<SampleName, string>>;
  };

  readonly card: {
    readonly cancel: string;
    readonly retry: string;
    readonly remove: string;
    readonly chooseAnother: string;
    readonly progress: string;
    readonly previewAlt: string;
  };

  readonly answer: {
    readonly uncertain: (name: string) => string;
    readonly unknown: string;
    readonly json: string;
    readonly copyJson: string;
    readonly search: string;
    readonly searchHint: string;
  };

  readonly comparison: {
    readonly heading: string;
    readonly photo: string;
    readonly answer: string;
    readonly certainty: string;
    readonly unnamed: (position: number) => string;
    readonly csv: string;
  };

  readonly results: { readonly heading: (answers: number, photos: number) => string; readonly again: string };

  readonly history: {
    readonly heading: string;
    readonly keep: string;
    readonly means: string;
    readonly clear: string;
    readonly list: string;
  };

  readonly browser: BrowserSentences;
}

export type SampleName = 'school-bus' | 'lighthouse' | 'lemon' | 'evening-sky';

export const uploadPage: UploadPageTexts = {
  choose: 'Your photos',
  takePhoto: 'Or take one now',
  limits: (formats, megabytes, photos) =>
    `${formats.slice(0, -1).join(', ')} or ${formats.at(-1) ?? ''}, up to ${megabytes} MB each, ${photos} at once.`,
  otherWays: 'You can also drop them anywhere on this page, or paste them.',
  shrink: 'Make large photos smaller before sending',
  shrinkMeans: (pixels) =>
    `Done on this device, to ${pixels.toLocaleString('en')} pixels on the longer side: quicker, and the answer stays the same.`,
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
    uncertain: (name) => `Not sure: ${name}`,
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
    unnamed: (position) => `Photo ${position}`,
    csv: 'Download as CSV',
  },

  results: {
    heading: (answers, photos) =>
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
  },
};

export const uploadPageKo: UploadPageTexts = {
  choose: '사진',
  takePhoto: '또는 지금 촬영하기',
  limits: (formats, megabytes, photos) =>
    `${formats.join(', ')} 형식, 한 장에 최대 ${megabytes}MB, 한 번에 ${photos}장까지.`,
  otherWays: '이 페이지 아무 곳에나 끌어다 놓거나 붙여 넣을 수도 있습니다.',
  shrink: '큰 사진은 보내기 전에 줄이기',
  shrinkMeans: (pixels) =>
    `이 기기에서 긴 변을 ${pixels.toLocaleString('ko')}픽셀로 줄입니다. 더 빠르고, 답은 그대로입니다.`,
  submit: '사진 살펴보기',
  photos: '내 사진과 답',
  removeAll: '모두 빼기',

  sample: {
    heading: '사진이 없으신가요?',
    lead: '이 페이지를 위해 그린 그림으로 해 보세요. 마지막 그림에는 모델이 아는 것이 없습니다.',
    names: { 'school-bus': '스쿨버스', lighthouse: '등대', lemon: '레몬', 'evening-sky': '저녁 하늘' },
  },

  card: {
    cancel: '취소',
    retry: '다시 시도',
    remove: '빼기',
    chooseAnother: '다른 사진 선택',
    progress: '진행 상황',
    previewAlt: '{name} 미리보기',
  },

  answer: {
    uncertain: (name) => `확실하지 않음: ${name}`,
    unknown: '모델이 아는 것이 아님',
    json: '이 답을 JSON으로 내려받기',
    copyJson: 'JSON 복사',
    search: '목록에서 찾기',
    searchHint: '이름의 일부를 입력하세요.',
  },

  comparison: {
    heading: '모든 답',
    photo: '사진',
    answer: '답',
    certainty: '확신도',
    unnamed: (position) => `사진 ${position}`,
    csv: 'CSV로 내려받기',
  },

  results: {
    heading: (answers, photos) =>
      answers === photos ? `사진 ${photos}장, 답 ${answers}개` : `사진 ${photos}장 가운데 ${answers}장의 답`,
    again: '다른 사진으로 해 보기',
  },

  history: {
    heading: '이 기기에 남긴 지난 답',
    keep: '최근 답 12개를 이 기기에 남기기',
    means: '사진의 작은 그림과 함께 이 브라우저에만 남습니다. 아무에게도 보내지 않으며, 끄면 지워집니다.',
    clear: '모두 지우기',
    list: '지난 답',
  },

  browser: {
    submitSeveral: '사진 {count}장 살펴보기',
    chosen: '사진을 선택했습니다.',
    chosenSeveral: '사진 {count}장을 선택했습니다.',
    dropHere: '여기에 사진을 놓으세요',
    tooMany: {
      title: '한 번에 올리기에는 사진이 너무 많습니다',
      detail: '{limit}장까지 올릴 수 있어 {left}장이 빠졌습니다. 필요 없는 사진을 빼고 다시 추가하세요.',
    },
    nothingChosen: { title: '아직 사진이 없습니다', detail: '먼저 사진을 선택하거나 아래 예시를 눌러 보세요.' },
    unreachable: {
      title: '서비스에 연결할 수 없습니다',
      detail: '사진은 그대로 있습니다. 연결을 확인하고 다시 시도하세요.',
    },
    unexpected: {
      title: '쓸 수 있는 답이 오지 않았습니다',
      detail: '사진은 그대로 있습니다. 잠시 뒤 다시 시도하세요.',
    },
    feedbackLost: { title: '의견이 전달되지 않았습니다', detail: '연결을 확인하고 다시 보내세요.' },
    sampleLost: { title: '예시를 받지 못했습니다', detail: '연결을 확인하고 다시 시도하세요.' },
    size: '{width} × {height}픽셀, {bytes}',
    shrunkSize: '{width} × {height}픽셀, {bytes}. 보낸 크기: {sentWidth} × {sentHeight}픽셀, {sentBytes}',
    waiting: '차례를 기다리는 중',
    sending: '보내는 중: {percent}%',
    looking: '사진을 살펴보는 중 …',
    pausing: '서비스가 바쁘거나 시작하는 중입니다. {seconds}초 뒤 다시 시도합니다 …',
    offline: '오프라인입니다. 연결되면 사진이 저절로 전송됩니다.',
    cancelled: '취소했습니다. 사진은 그대로 있습니다.',
    copied: '복사했습니다.',
    cleared: '이 기기에서 지웠습니다.',
    progress: '{count}장 중 {done}장 완료',
    answered: '{name}: {answer}.',
    removed: '뺐습니다.',
    matches: '목록에 {count}개',
    csvColumns: ['사진', '판단', '라벨', '이름', '확신도', '모델', '버전', '답 번호'],
  },
};

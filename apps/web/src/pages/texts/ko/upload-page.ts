import { Texts } from '../en';
import { formats } from './formats';

const { fileSize, number } = formats;

export const uploadPage: Texts['uploadPage'] = {
  choose: '사진',
  takePhoto: '또는 지금 촬영하기',
  limits: (imageFormats, bytes, photos) =>
    `${formats.or(imageFormats)} 형식, 한 장에 최대 ${fileSize(bytes)}, 한 번에 ${photos}장까지.`,
  otherWays: '이 페이지 아무 곳에나 끌어다 놓거나 붙여 넣어도 돼요.',
  shrink: '큰 사진은 보내기 전에 줄이기',
  shrinkMeans: (pixels) => `이 기기에서 긴 변을 ${number(pixels)}픽셀로 줄여요. 더 빠르고, 답은 그대로예요.`,
  submit: '사진 살펴보기',
  photos: '내 사진과 답',
  removeAll: '모두 빼기',

  sample: {
    heading: '사진이 없으신가요?',
    lead: '이 페이지를 위해 그린 그림으로 해 보세요. 마지막 그림에는 모델이 알아보는 것이 없어요.',
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
    unknown: '모델이 알아보는 것이 아님',
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
    means: '사진의 작은 그림과 함께 이 브라우저에만 남아요. 아무에게도 보내지 않고, 끄면 지워져요.',
    clear: '모두 지우기',
    list: '지난 답',
  },

  browser: {
    submitSeveral: '사진 {count}장 살펴보기',
    chosen: '사진을 선택했어요.',
    chosenSeveral: '사진 {count}장을 선택했어요.',
    dropHere: '여기에 사진을 놓으세요',
    tooMany: {
      title: '한 번에 올리기에는 사진이 너무 많아요',
      detail: '{limit}장까지 올릴 수 있어서 {left}장이 빠졌어요. 필요 없는 사진을 빼고 다시 추가하세요.',
    },
    nothingChosen: { title: '아직 사진이 없어요', detail: '먼저 사진을 선택하거나 아래 예시를 눌러 보세요.' },
    unreachable: {
      title: '서비스에 연결할 수 없어요',
      detail: '사진은 그대로 있어요. 연결 상태를 확인하고 다시 시도해 주세요.',
    },
    unexpected: {
      title: '알아볼 수 없는 응답이 왔어요',
      detail: '사진은 그대로 있어요. 잠시 후에 다시 시도해 주세요.',
    },
    feedbackLost: { title: '의견을 보내지 못했어요', detail: '연결 상태를 확인하고 다시 보내 주세요.' },
    sampleLost: { title: '예시를 받지 못했어요', detail: '연결 상태를 확인하고 다시 시도해 주세요.' },
    size: '{width} × {height}픽셀, {bytes}',
    shrunkSize: '{width} × {height}픽셀, {bytes}. 보낸 크기: {sentWidth} × {sentHeight}픽셀, {sentBytes}',
    waiting: '차례를 기다리는 중',
    sending: '보내는 중: {percent}%',
    looking: '사진을 살펴보는 중 …',
    pausing: '서비스가 바쁘거나 시작하는 중이에요. {seconds}초 뒤에 다시 시도해요 …',
    offline: '오프라인이에요. 연결되면 사진을 저절로 보내요.',
    cancelled: '취소했어요. 사진은 그대로 있어요.',
    copied: '복사했어요.',
    cleared: '이 기기에서 지웠어요.',
    progress: '{count}장 중 {done}장 완료',
    answered: '{name}: {answer}.',
    removed: '뺐어요.',
    matches: '목록에 {count}개',
    csvColumns: ['사진', '판단', '라벨', '이름', '확신도', '모델', '버전', '답 번호'],
  },
};

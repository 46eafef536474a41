import { Zone } from '../../where-it-looked';
import { Texts } from '../en';
import { docs } from './docs';
import { formats } from './formats';
import { model } from './model';
import { monitoring } from './monitoring';
import { problemPage } from './problem-page';
import { problemTexts } from './problems';
import { status } from './status';
import { uploadPage } from './upload-page';

// 한국어. Polite 해요체 for people, nouns for headings, buttons and the names of facts.
//
// One word for one thing:
//   photo 사진 · model 모델 · answer 답 · certainty 확신도 · thing it knows 알아보는 것, 라벨 (as data) · guess 추측
//   feedback 의견 · keep 보관 · consent 동의 · take back 취소 · look (of the model) 보다 · learn, train 학습
//   status 상태 · business tier 비즈니스 계층 · monitor 모니터 · endpoint 엔드포인트 · variant 변형 · drift 변화
//   problem 문제 · request 요청 · reference 문의 번호 · median 중앙값
//
// Names of labels and models can be in Hangul, Latin letters or digits, so no particle that depends on their last sound
// follows them: `${name}일` (never changes), `${name} 모델은`, or a colon in place of a particle.

const { number, percent, milliseconds, fileSize } = formats;

const zoneNames: Readonly<Record<Zone, string>> = {
  'upper-left': '왼쪽 위',
  top: '위',
  'upper-right': '오른쪽 위',
  left: '왼쪽',
  centre: '가운데',
  right: '오른쪽',
  'lower-left': '왼쪽 아래',
  bottom: '아래',
  'lower-right': '오른쪽 아래',
};

export const ko: Texts = {
  language: 'ko',
  ownName: '한국어',
  languages: '언어',
  productName: '이미지 분류기',
  skipToContent: '본문으로 건너뛰기',
  nav: { label: '페이지', photo: '사진', model: '모델', status: '상태', docs: 'API' },
  footer: (version) => `이미지 분류기 ${version}. 보내신 내용은 동의하지 않는 한 보관하지 않아요.`,
  title: (page) => `${page} - 이미지 분류기`,

  upload: {
    heading: '사진 속에 무엇이 있나요?',
    headingAgain: '다른 사진 보내기',
    lead: '한 가지가 담긴 사진을 보내면 무엇일 가능성이 가장 높은지 알려 드려요.',
    knows: (model, labels) => ({ before: `${model} 모델은 `, link: `${number(labels)}가지`, after: '를 알아봐요.' }),
    notKept: '사진은 확인한 뒤 바로 지워요. 나중에 따로 동의하실 때만 보관해요.',
  },

  uploadPage,

  result: {
    kicker: { label: '가장 유력한 답', uncertain: '가장 가까운 추측', unknown: '해당 없음' },
    label: (name, score) => {
      if (score < 0.01) return `${name}일 가능성이 1%도 안 돼요`;
      return score > 0.99 ? `${name}일 가능성이 99%를 넘어요` : `${name}일 가능성이 ${percent(score)}예요`;
    },
    uncertain: (name, score) => `확실하지 않아요. 가장 가까운 답: ${name}, ${percent(score)}`,
    unknown: '이 모델이 아는 것 중에는 닮은 것이 없어요',
    uncertainHelp: '다른 것일 수도 있어요. 한 가지만 더 가까이서, 더 밝게 찍어 보세요.',
    unknownHelp: '모델은 학습한 것만 답할 수 있어요.',
    unknownLink: '알아보는 것 모두 보기',
    guesses: '이런 것일 수 있어요',
    guessesUnknown: '그나마 가까운 추측이지만, 아마 틀렸을 거예요',
    percent,
    answeredBy: (model, durationMs) => `${model} 모델이 ${milliseconds(durationMs)} 만에 답했어요.`,
    modelCard: '이 모델 알아보기',
    details: '자세한 정보',
    photo: '사진',
    photoValue: (width, height, format, bytes) =>
      `${number(width)} × ${number(height)}픽셀, ${format}, ${fileSize(bytes)}`,
    decode: '사진을 읽고 줄인 시간',
    queue: '차례를 기다린 시간',
    infer: '모델이 판단한 시간',
    total: '전체 시간',
    variant: '변형',
    id: '문의 번호',
    milliseconds,
    heatmapTitle: '모델이 본 곳',
    heatmapAlt: '사진을 칸으로 나눈 지도: 밝은 칸일수록 답에 더 큰 영향을 줬어요.',
    looked: (zones) => `모델은 사진의 ${zones.map((zone) => zoneNames[zone]).join(', ')} 부분을 주로 봤어요.`,
    lookedEverywhere: '모델은 사진 전체를 두루 봤어요.',
    sawOnlyPart: '모델은 사진 가운데의 정사각형만 봐요. 나머지는 가장 어둡게 표시돼요.',
  },

  feedback: {
    question: '답이 맞았나요?',
    yes: '네',
    no: '아니요',
    label: '무엇인가요?',
    unsaid: '잘 모르겠어요',
    other: '목록에 없는 것이에요',
    guesses: '모델의 다른 추측',
    known: '그 밖에 모델이 알아보는 것',
    consent: '모델이 학습할 수 있게 제 사진을 보관해도 좋아요',
    consentMeans:
      '동의하지 않으면 의견만 보관해요. 동의하면 위치, 시간, 카메라 정보를 지운 작은 사본도 함께 보관해요. ' +
      '이 서비스를 운영하는 사람이 사본을 보거나 모델 학습에 쓸 수 있어요. 보낸 뒤에 바로 취소할 수 있어요.',
    photo: '같은 사진 한 번 더',
    photoHint: '사진을 보관하지 않았으니 같은 파일을 다시 선택해 주세요.',
    submit: '의견 보내기',
    thanks: '의견 고마워요',
    kept: '의견을 보관했어요. 사진은 보관하지 않았어요.',
    keptWithPhoto: '의견과 사진의 사본을 보관했어요.',
    withdraw: '의견 취소하기',
    withdrawn: '의견을 취소했어요',
    nothingKept: '의견을 지웠어요. 이제 보관하고 있는 것이 없어요.',
    next: '다른 사진 보내기',
  },

  problem: {
    reference: '문의 번호:',
    chooseAnother: '다른 사진 선택하기',
    home: '첫 페이지로 가기',
    titlePrefix: (title) => `오류: ${title}`,
  },

  model,

  status,

  monitoring: { ...monitoring, percent, milliseconds, number },

  docs,

  problemPage,

  problems: {
    kind: '문제의 종류',
    code: '코드',
    status: 'HTTP 상태',
    says: '예시',
    lead: '프로그램은 코드를 기준으로 삼으면 되고, 문장은 사람을 위한 거예요. 응답은 이런 모양이에요.',
  },

  problemTexts,
};

import {
  DriftCheckResponse,
  DriftResponse,
  LEAST_DRIFT_IMAGES,
  MonitoringFiguresResponse,
  MonitorWindow,
} from '@app/contracts/monitoring';
import { Texts } from '../en';
import { changesOf, Verdict } from '../verdict';
import { formats } from './formats';

// What the status page says of the photos that came lately, in Korean.

const { about, clock, duration, figure, number } = formats;

const windows: Readonly<Record<MonitorWindow, string>> = {
  '5m': '5분',
  '1h': '1시간',
  '24h': '24시간',
  '7d': '7일',
};

/** What photos are compared with. All end alike, so that the same particles fit. */
const ORIGIN: Readonly<Record<DriftResponse['baseline'], string>> = {
  package: '모델을 만들 때 쓴 사진',
  'first-images': '이 모델이 처음 본 사진',
  none: '이전 사진',
};

type Directions = readonly [more: string, less: string];

const PHOTOS_ARE: Readonly<Partial<Record<DriftCheckResponse['name'], Directions>>> = {
  brightness: ['더 밝아요', '더 어두워요'],
  contrast: ['대비가 더 강해요', '대비가 더 약해요'],
  sharpness: ['더 선명해요', '더 흐려요'],
  size: ['더 커요', '더 작아요'],
};

const names: Readonly<Record<DriftCheckResponse['name'], string>> = {
  labels: '사진에 담긴 것의 구성',
  scores: '확신도',
  'out-of-set': '익숙한 정도',
  features: '전체적인 모습',
  brightness: '밝기',
  contrast: '대비',
  sharpness: '선명도',
  size: '크기',
};

/** What has changed: its subject, and what is said of it, after what it is compared with. */
function change({ name, direction }: DriftCheckResponse): readonly [subject: string, particle: string, claim: string] {
  const words = PHOTOS_ARE[name];
  if (words !== undefined && direction !== undefined) return ['사진이', '보다', words[direction === 'more' ? 0 : 1]];
  switch (name) {
    case 'labels':
      return ['사진에 담긴 것의 구성이', '과', '달라요'];
    case 'scores':
      return direction === undefined
        ? ['답의 확신도가', '을 볼 때와', '달라요']
        : ['모델의 확신도가', '을 볼 때보다', direction === 'more' ? '더 높아요' : '더 낮아요'];
    case 'out-of-set': // a score that is higher for what is less like the training data
      return ['사진이', '보다', `모델에게 더 ${direction === 'less' ? '익숙해요' : '낯설어요'}`];
    case 'features':
      return ['사진의 전체적인 모습이', '과', '달라 보여요'];
    default:
      return [`사진의 ${names[name]} 값이`, '과', '달라요'];
  }
}

function alone(check: DriftCheckResponse): string {
  const [subject, , claim] = change(check);
  return `${subject} ${claim}.`;
}

function verdict({ drift, images, until }: MonitoringFiguresResponse, window: MonitorWindow): Verdict {
  const time = `지난 ${windows[window]} 동안`;
  const origin = ORIGIN[drift.baseline];
  if (images === 0) return { headline: `${time} 들어온 사진이 없어요.`, more: [] };
  if (drift.state === 'waiting') return { headline: waiting(drift), more: [] };
  if (drift.state === 'quiet') return { headline: `${time} 들어온 사진은 ${origin}과 비슷해요.`, more: [] };
  const [gravest, ...others] = changesOf(drift, 'drift');
  const small = changesOf(drift, 'watch').map((check) => `${alone(check)} 하지만 차이는 작아요.`);
  if (gravest === undefined) return { headline: `${time} 들어온 사진은 ${origin}과 조금 달라요.`, more: small };
  const [subject, particle, claim] = change(gravest);
  const since = drift.since === undefined ? [] : [`큰 변화가 ${clock(drift.since, until)}부터 이어지고 있어요.`];
  return {
    headline: `${time} ${subject} ${origin}${particle} ${claim}.`,
    more: [...others.map(alone), ...small, ...since],
  };
}

function waiting({ baseline }: DriftResponse): string {
  return baseline === 'none'
    ? '아직 비교할 것이 없어요. 이 모델이 처음 보는 사진을 모으고 있어요.'
    : `비교하기에는 사진이 아직 적어요. ${LEAST_DRIFT_IMAGES}장이 필요해요.`;
}

function rate(perSecond: number): string {
  if (perSecond >= 1) return `초당 ${about(perSecond)}장`;
  return perSecond * 60 >= 1 ? `분당 ${about(perSecond * 60)}장` : `시간당 ${about(perSecond * 3600)}장`;
}

function asOf({ model, from, until }: MonitoringFiguresResponse): string {
  const now = `${until.slice(11, 19)} UTC`;
  return model === undefined
    ? `${now} 기준이에요.`
    : `${model.name} ${model.version}, ${clock(from, until)}부터 ${now}까지예요.`;
}

type MonitoringTexts = Omit<Texts['monitoring'], 'percent' | 'milliseconds' | 'number'>;

export const monitoring: MonitoringTexts = {
  heading: '모델이 본 사진',
  off: '여기서는 모델을 지켜보는 것이 없어요. 모니터가 설정되지 않았어요.',
  unavailable: '모델을 지켜보는 모니터가 지금 응답하지 않아요. 그래도 사진에는 답할 수 있어요.',
  verdict,
  kicker: { quiet: '평소와 같음', watch: '작은 변화', drift: '큰 변화', waiting: '아직 모름' },
  windowLabel: '살펴볼 기간',
  windows,
  asOf,
  stale: '지금은 페이지를 새로 고칠 수 없어요. 마지막으로 확인한 내용을 보여 드려요.',
  clock,
  rate,
  figure,
  images: '사진',
  latency: '보통 걸리는 시간',
  slowest: (p95, p99) => `100장 중 95장은 ${p95}, 99장은 ${p99} 안에 답했어요`,
  feedback: '맞았다는 의견',
  feedbackCount: (right, count) => `의견을 받은 답 ${number(count)}개 중 ${number(right)}개`,
  noFeedback: '아직 의견이 없어요',
  none: '–',
  dropped: '세지 못한 사진',
  droppedMeans: '답했지만, 모니터가 시작된 뒤로 놓친 사진이에요',
  rateTitle: (stepMs) =>
    stepMs === undefined ? '시간에 따른 사진 수' : `${duration(Math.round(stepMs / 1000))}마다 들어온 사진`,
  rateAlt: (least, most, last) =>
    `가장 적을 때 ${number(least)}장, 가장 많을 때 ${number(most)}장, 마지막은 ${number(last)}장.`,
  latencyTitle: '답하는 데 걸린 시간',
  latencyAlt: (least, most) => `중앙값은 ${least}에서 ${most} 사이예요.`,
  decisionsTitle: '답의 종류',
  decisions: { label: '이름을 답함', uncertain: '확실하지 않음', unknown: '해당 없음' },
  scoresTitle: '모델의 확신도',
  tenth: (from, to) => `${from}–${to}%`,
  exactPercent: formats.exactPercent,
  scoresAlt: (share) => `확신도가 가장 높은 구간에 사진의 ${share}가 있어요.`,
  labelsTitle: '가장 자주 답한 이름',
  otherLabels: '그 밖의 모든 것',
  checksTitle: '비교하는 것',
  checks: names,
  checkStates: { quiet: '평소와 같음', watch: '작은 변화', drift: '큰 변화', waiting: '사진이 부족함' },
  checksLead: '우연이라고 볼 수 없을 때만 변화로 보고, 그 크기가 기준에 이르면 큰 변화로 봐요.',
  table: '표로 보기',
  columns: {
    at: '시작(UTC)',
    certainty: '확신도',
    share: '비율',
    median: '중앙값',
    check: '항목',
    state: '상태',
    size: '변화의 크기',
    limit: '기준',
  },
};

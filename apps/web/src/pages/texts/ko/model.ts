import { Texts } from '../en';
import { formats } from './formats';
import { metrics } from './metrics';

const { number, percent, exactPercent, date } = formats;

export const model: Texts['model'] = {
  title: (name) => `모델 ${name}`,
  heading: '모델 소개',
  contents: '이 페이지의 내용',
  noDescription: '엔드포인트가 모델을 설명하지 않아서 이름만 알 수 있어요.',
  version: '버전',
  variant: '제공하는 변형',
  created: '만든 날짜',
  input: '사진을 보는 방법',
  inputValue: {
    'shorter-side-crop': (size) => `사진 가운데의 정사각형을 ${size}\u00a0×\u00a0${size}픽셀로 줄여서`,
    stretch: (size) => `사진 전체를 ${size}\u00a0×\u00a0${size}픽셀에 맞춰 줄여서`,
  },
  explains: '어디를 봤는지 보여 줄 수 있나요?',
  yes: '네',
  no: '아니요',
  date,
  number,
  exactPercent,

  metricsHeading: '얼마나 정확한가요?',
  metricsLead: '모델 패키지에 적힌 측정값이에요.',
  noMetrics: '이 모델에는 측정값이 함께 제공되지 않았어요.',
  metrics,
  figure: (value, share) => {
    if (value === null) return '측정하지 않음';
    if (typeof value === 'string') return value;
    return share ? exactPercent(value) : formats.precise(value);
  },
  unnamedMetric: (name) => name.replace(/[_-]+|(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase(),
  measuredOn: {
    validation: '검증 이미지로 측정했어요. 기준값을 정할 때도 쓴 이미지라서 실제보다 조금 좋게 나와요.',
    test: '모델이 한 번도 보지 않은 시험 이미지로 측정했어요.',
  },

  calibrationHeading: '확신도를 믿어도 되나요?',
  calibrationLead: '확신도가 80%인 답이 실제로 80%만큼 맞으면 잘 보정된 모델이에요.',
  noReliability:
    '이 모델에는 신뢰도 그림에 필요한 값이 함께 제공되지 않았어요. 이 제품으로 학습한 모델에는 들어 있어요.',
  reliability: {
    title: '확신도와 실제로 맞은 비율',
    alt: (groups, confidence, accuracy) =>
      `이미지를 ${number(groups)}개 묶음으로 나눈 신뢰도 그림. 평균 확신도는 ${exactPercent(confidence)}, ` +
      `맞은 비율은 ${exactPercent(accuracy)}예요.`,
    reading: (confidence, accuracy) =>
      `평균 확신도는 ${exactPercent(confidence)}, 실제로 맞은 비율은 ${exactPercent(accuracy)}예요.`,
    legend:
      '점 하나는 확신도가 비슷한 이미지 묶음이에요. 선 위에 있으면 확신도가 꼭 맞고, 선보다 아래에 있으면 지나치게 확신하는 거예요.',
    right: '맞음',
    sure: '확신도',
    table: '값 보기',
    columns: { confidence: '확신도', accuracy: '맞은 비율', images: '이미지' },
  },

  confusionHeading: '무엇을 헷갈리나요?',
  noConfusion: '이 모델에는 혼동 행렬이 함께 제공되지 않았어요. 이 제품으로 학습한 모델에는 들어 있어요.',
  noMistakes: (images) => `측정한 이미지 ${number(images)}장에서 한 번도 틀리지 않았어요.`,
  matrix: {
    title: '혼동 행렬',
    lead: '행은 사진에 있는 것, 열은 모델이 답한 이름이에요. 대각선이 맞은 답이에요.',
    corner: '실제',
  },
  pairs: {
    title: (shown) => (shown === 1 ? '가장 잦은 실수' : `가장 잦은 실수 ${number(shown)}가지`),
    more: '더 보기',
    columns: { actual: '실제', predicted: '모델의 답', images: '이미지', share: '실제 이미지 가운데' },
  },

  decisionsHeading: '모를 때는 어떻게 하나요?',
  decisions: {
    label: '확신도가 충분히 높을 때만 이름을 답해요.',
    uncertain: (threshold) => `확신도가 ${percent(threshold)}보다 낮으면 확실하지 않다고 답해요.`,
    unknown:
      '학습한 것과 너무 다른 사진이면 닮은 것이 없다고 하고 이름을 답하지 않아요. ' +
      '하지만 이 판단은 약해서, 처음 보는 것에도 틀린 이름을 붙일 때가 많아요.',
    noUnknown: '배운 적 없는 것을 가려내지 못해요. 그런 사진에도 아는 것 가운데 가장 가까운 이름을 답해요.',
  },

  limitsHeading: '할 수 없는 것',
  limits: [
    '알아보는 것 가운데 하나로만, 사진 한 장에 하나만 답할 수 있어요.',
    '작은 것, 여러 가지가 함께 있는 것, 그림, 낯선 각도는 어려워해요.',
    '사진을 작게 줄여서 보기 때문에 세밀한 부분은 놓쳐요.',
    '사람에 관한 일을 결정하거나, 틀린 답이 누군가를 다치게 할 수 있는 곳에는 쓰지 마세요.',
  ],

  originHeading: '데이터와 라이선스',
  origin: {
    data: '학습 데이터',
    source: '출처',
    terms: '데이터 이용 조건',
    trainingImages: '학습한 이미지',
    validationImages: '기준값을 정한 이미지',
    madeBy: '만든 방법',
    network: '신경망',
    recipe: '학습 과정',
    license: '모델 라이선스',
  },
  noOrigin: '이 모델에는 데이터에 관한 설명이 함께 제공되지 않았어요.',
  noLicense: '패키지에 적혀 있지 않음',

  labelsHeading: (count) => `알아보는 것 ${number(count)}가지`,
  labelsHint: '목록을 연 다음 브라우저의 찾기로 검색해 보세요(Ctrl+F 또는 ⌘F).',
  showLabels: (count) => `${number(count)}가지 모두 보기`,
  noLabels: '엔드포인트가 모델의 라벨을 알려 주지 않아요.',
};

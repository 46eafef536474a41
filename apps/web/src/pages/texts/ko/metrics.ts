import { Texts } from '../en';

export const metrics: Texts['model']['metrics'] = {
  accuracy: { name: '정답률', meaning: '첫 번째 답이 맞은 비율이에요.', share: true },
  top1: { name: '정답률', meaning: '첫 번째 답이 맞은 비율이에요.', share: true },
  top5: { name: '다섯 개 안 정답률', meaning: '상위 다섯 개 답 안에 정답이 있는 비율이에요.', share: true },
  macroF1: {
    name: '매크로 F1',
    meaning: '맞힌 답과 놓친 답을 하나로 나타낸 값이에요. 모든 라벨을 똑같이 세며, 1이 가장 좋아요.',
    share: false,
  },
  ece: {
    name: '보정 오차',
    meaning: '말한 확신도와 실제로 맞은 비율이 평균적으로 얼마나 차이 나는지예요(ECE).',
    share: true,
  },
  logLoss: {
    name: '로그 손실',
    meaning: '틀린 확신이 치르는 대가예요. 낮을수록 좋고, 0이 가장 좋아요.',
    share: false,
  },
  validationImages: { name: '측정한 이미지', meaning: '다른 값들을 잰 이미지의 수예요.', share: false },
  answeredShare: { name: '답한 비율', meaning: '이름을 답할 만큼 확신한 비율이에요.', share: true },
  answeredRight: { name: '확신할 때 정답률', meaning: '이름을 답했을 때 맞은 비율이에요.', share: true },
  photosTop1: {
    name: '사진 정답률',
    meaning: '사람들이 보내는 것 같은 원래 크기의 사진에서 첫 번째 답이 맞은 비율이에요.',
    share: true,
  },
  photosTop5: {
    name: '사진 다섯 개 안 정답률',
    meaning: '그런 사진에서 상위 다섯 개 답 안에 정답이 있는 비율이에요.',
    share: true,
  },
  photos: {
    name: '측정한 사진',
    meaning: '사진에 관한 값을 잰 사진의 수예요. 적을수록 값이 거칠어요.',
    share: false,
  },
  unknownFalseAlarms: {
    name: '아는데 모른다고 한 비율',
    meaning: '알아보는 것의 사진을 모르는 것이라고 한 비율이에요.',
    share: true,
  },
  unknownFoundOtherPhotos: {
    name: '모르는 것을 가려낸 비율',
    meaning: '알아보는 것이 하나도 없는 사진을 알아챈 비율이에요.',
    share: true,
  },
  unknownFoundFlowers: {
    name: '모르는 꽃을 가려낸 비율',
    meaning: '모르는 꽃의 사진을 알아챈 비율이에요.',
    share: true,
  },
};

import { Texts } from '../en';
import { formats } from './formats';

const { number, milliseconds } = formats;

export const status: Texts['status'] = {
  heading: '상태',
  overall: {
    ok: '모두 잘 작동해요. 사진을 보낼 수 있어요.',
    starting: '서비스를 시작하고 있어요. 잠시 후에 다시 시도해 주세요.',
    unavailable: '지금은 사진에 답할 수 없어요.',
  },
  states: { ok: '정상', starting: '시작 중', unavailable: '사용 불가' },
  tiers: {
    web: { name: '웹', role: '이 페이지와 API를 제공해요' },
    was: { name: '비즈니스 계층', role: '사진을 검사하고 답을 정해요' },
    model: { name: '모델', role: '사진을 봐요' },
    monitor: { name: '모니터', role: '들어오는 사진이 모델이 학습한 사진과 비슷한지 지켜봐요' },
  },
  version: (version) => `버전 ${version}`,
  build: (build) => `빌드 ${build}`,
  serves: (model) => `제공하는 모델: ${model}`,
  latency: (durationMs) => `${milliseconds(durationMs)} 만에 응답`,
  partsHeading: '구성 요소',
  lookedAt: (clock) => `확인한 시각: ${clock}.`,
  clock: formats.clock,
  notAsked: '비즈니스 계층이 응답할 때까지 그 뒤에 있는 부분은 확인할 수 없어요.',
  monitoringNotAsked: '모델이 최근에 본 사진은 비즈니스 계층이 다시 응답하면 보여 드릴 수 있어요.',
  notReached: '연결할 수 없어요.',
  events: (waiting, dropped) => `이벤트: ${number(waiting)}개 대기 중, ${number(dropped)}개 버림.`,
};

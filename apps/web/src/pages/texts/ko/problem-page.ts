import { Texts } from '../en';
import { formats } from './formats';

export const problemPage: Texts['problemPage'] = {
  nextHeading: '이렇게 해 보세요',
  status: (status) => `오류 ${status}`,
  again: '이 페이지 다시 열기',
  againIn: (seconds) => `${formats.duration(seconds)} 뒤에 이 페이지 다시 열기`,
  goBack: '뒤로 가서 다시 보내 주세요.',
  goBackIn: (seconds) => `${formats.duration(seconds)} 뒤에, 뒤로 가서 다시 보내 주세요.`,
  mend: '뒤로 가서 위에 적힌 부분을 고친 다음 다시 보내 주세요.',
  seeStatus: '서비스의 어느 부분이 작동하지 않는지 보기',
  seeModelStatus: '이제 모델이 있는지 보기',
  tellOperator: '문제가 계속되면 서비스 운영자에게 아래 문의 번호를 알려 주세요.',
  operator: '서비스 운영자라면 파이프라인으로 모델을 학습해 배포하거나, 서비스가 쓰는 엔드포인트를 설정해 주세요.',
  clearCookies: '이 사이트의 쿠키를 지운 다음 다시 시도해 주세요.',
  forPrograms: '프로그램으로 이 서비스를 쓰는 방법 읽기',
};

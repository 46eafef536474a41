import { Texts } from '../en';

export const docs: Texts['docs'] = {
  heading: 'API',
  lead: '이 페이지에서 할 수 있는 일은 프로그램에서도 모두 할 수 있어요. 사진을 한 장씩 또는 여러 장 보내고, 모델이 아는 것을 읽고, 의견을 보낼 수 있어요.',
  document: '도구를 위한 OpenAPI 3.1 문서:',
  languages: '답과 거절 사유는 Accept-Language 헤더에 따라 영어나 한국어로 보내요.',
  noScript: '아래 뷰어에는 자바스크립트가 필요하지만, 문서 원본은 그냥 볼 수 있어요.',
  inEnglish: 'API 설명은 영어로 되어 있어요.',
};

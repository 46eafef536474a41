import {
  ContentKind,
  IMAGE_FORMAT_NAMES,
  IMAGE_FORMATS,
  MalformedReason,
  MalformedRequest,
  ParameterFault,
  ParameterRule,
  ProblemTexts,
} from '@app/contracts';
import { formats } from './formats';

// What problems say in Korean. The values of a problem may come from another version of the product: what has no text
// here is left out of the sentence.

const { fileSize, number, or, seconds } = formats;

/** Each with the particle of 보이다. */
const LOOKS_LIKE: Readonly<Record<ContentKind, string>> = {
  gif: 'GIF 이미지로',
  bmp: 'BMP 이미지로',
  tiff: 'TIFF 이미지나 카메라 RAW 파일로',
  photoshop: '포토샵 문서로',
  icon: '아이콘 파일로',
  'jpeg-xl': 'JPEG XL 이미지로',
  'jpeg-2000': 'JPEG 2000 이미지로',
  avif: 'AVIF 이미지로',
  heic: 'HEIC 사진(아이폰의 설정 > 카메라 > 포맷에서 ‘높은 호환성’을 고르면 JPEG로 저장돼요)으로',
  pdf: 'PDF 문서로',
  zip: 'ZIP 압축 파일이나 오피스 문서로',
  archive: '압축 파일로',
  video: '동영상으로',
  sound: '소리 파일로',
  svg: 'SVG 그림으로',
  'web-page': '웹 페이지로',
  text: '텍스트로',
};

const REASONS: Readonly<Record<MalformedReason, (request: MalformedRequest) => string>> = {
  'not-http': () => '올바른 HTTP 요청이 아니에요.',
  'not-as-documented': () => 'HTTP나 문서에 적힌 형식을 따르지 않아요.',
  'json-too-long': ({ limitBytes = 0 }) => `JSON이 ${number(limitBytes)}바이트보다 길어요.`,
  'no-json-object': () => '본문이 JSON 객체가 아니에요.',
  'form-broken': () => '멀티파트 폼이 깨져 있어요.',
  'boundary-missing': () => 'multipart/form-data에는 boundary가 필요해요.',
  'operation-unknown': ({ known = [] }) => `JSON으로는 다음 요청만 받아요: ${known.join(', ')}`,
};

const RULES: Readonly<Record<ParameterRule, (fault: ParameterFault) => string>> = {
  boolean: () => 'true 또는 false여야 해요',
  text: () => '텍스트여야 해요',
  'not-empty': () => '비어 있으면 안 돼요',
  'whole-number': () => '정수여야 해요',
  'at-least': ({ least = 0 }) => `${number(least)} 이상이어야 해요`,
  'at-most': ({ most = 0 }) => `${number(most)} 이하여야 해요`,
  'whole-number-between': ({ least = 0, most = 0 }) => `${number(least)} 이상 ${number(most)} 이하의 정수여야 해요`,
  'most-characters': ({ most = 0 }) => `${number(most)}자를 넘으면 안 돼요`,
  'one-of': ({ allowed = [] }) => `다음 중 하나여야 해요: ${allowed.join(', ')}`,
  'known-label': () => '모델의 라벨 id 또는 other여야 해요',
  'only-when-wrong': () => '답이 맞았다는 의견에는 넣을 수 없어요',
  valid: () => '값이 올바르지 않아요',
};

function parameterFault(fault: ParameterFault): string {
  return RULES[Object.hasOwn(RULES, fault.rule) ? fault.rule : 'valid'](fault);
}

/** The end of a sentence. */
const again = (retryAfterSeconds: number) => `${seconds(retryAfterSeconds)} 뒤에 다시 시도해 주세요`;

export const problemTexts: ProblemTexts = {
  parameterFault,
  problems: {
    'malformed-request': {
      title: '요청의 형식이 잘못됐어요',
      detail: (request) =>
        `요청을 읽을 수 없어요. ${Object.hasOwn(REASONS, request.reason) ? REASONS[request.reason](request) : ''}`.trim(),
    },
    'invalid-parameter': {
      title: '매개변수가 올바르지 않아요',
      detail: ({ errors }) => `${errors.map((fault) => `${fault.parameter}: ${parameterFault(fault)}`).join('; ')}.`,
    },
    'image-missing': {
      title: '사진이 없어요',
      detail: ({ field }) =>
        `먼저 사진을 선택해 주세요. 프로그램은 멀티파트 필드 "${field}" 또는 콘텐츠 형식이 image/*인 본문으로 보내면 돼요.`,
    },
    'image-empty': {
      title: '사진 파일이 비어 있어요',
      detail: () => '파일에 내용이 없어요. 다른 파일을 선택하거나, 다시 저장한 뒤 시도해 주세요.',
    },
    'too-many-images': {
      title: '사진이 너무 많아요',
      detail: ({ limit }) =>
        limit === 1
          ? '사진을 한 번에 한 장씩 보내 주세요. 여러 장은 일괄 처리 경로로 보낼 수 있어요.'
          : `한 번에 최대 ${number(limit)}장까지 보낼 수 있어요.`,
    },
    'feedback-token-invalid': {
      title: '이 답에 대한 의견이 아니에요',
      detail: () => '토큰이 다른 답의 것이거나 바뀌었어요. 답과 함께 받은 토큰을 보내 주세요.',
    },
    'feedback-off': {
      title: '의견을 받지 않아요',
      detail: () => '이 서비스는 의견을 보관할 곳이 설정되지 않아서 의견을 받지 않아요.',
    },
    'monitor-off': {
      title: '모델을 지켜보는 것이 없어요',
      detail: () => '이 서비스는 모니터 없이 운영되고 있어서 모델이 본 사진을 알 수 없어요.',
    },
    'feedback-not-found': {
      title: '그런 의견이 없어요',
      detail: () => '이 답에 대해 보관한 것이 없어요. 의견이 오지 않았거나 이미 지웠어요.',
    },
    'not-found': {
      title: '찾을 수 없어요',
      detail: () => '이 주소에는 아무것도 없어요. 잘못 적은 곳이 없는지 확인하거나 첫 페이지에서 시작해 주세요.',
    },
    'method-not-allowed': {
      title: '여기서는 쓸 수 없는 메서드예요',
      detail: ({ allowed }) => `이 주소에서 쓸 수 있는 메서드: ${allowed.join(', ')}.`,
    },
    'not-acceptable': {
      title: '받아들일 수 있는 형식의 답이 없어요',
      detail: ({ available }) => `받을 수 있는 형식: ${available.join(', ')}.`,
    },
    'upload-stalled': {
      title: '전송이 멈췄어요',
      detail: ({ idleSeconds }) =>
        `${seconds(idleSeconds)} 동안 아무것도 오지 않았어요. 연결 상태를 확인하고 사진을 다시 보내 주세요.`,
    },
    'feedback-exists': {
      title: '이 답에는 이미 의견이 있어요',
      detail: () => '의견은 답마다 한 번만 남길 수 있어요. 바꾸려면 먼저 남긴 의견을 지워 주세요.',
    },
    'feedback-expired': {
      title: '이 답에 의견을 남길 수 있는 기간이 지났어요',
      detail: () => '의견은 며칠 동안만 받아요. 사진을 다시 보내 새 답을 받아 주세요.',
    },
    'image-too-large': {
      title: '사진이 너무 커요',
      detail: ({ limitBytes }) => `사진은 최대 ${fileSize(limitBytes)}까지 보낼 수 있어요. 더 작게 줄여서 보내 주세요.`,
    },
    'unsupported-image-format': {
      title: '읽을 수 있는 사진이 아니에요',
      detail: ({ detected }) =>
        (detected !== undefined && Object.hasOwn(LOOKS_LIKE, detected)
          ? `이 파일은 ${LOOKS_LIKE[detected]} 보여요. `
          : '이 파일은 사진으로 보이지 않아요. ') +
        `${or(IMAGE_FORMATS.map((format) => IMAGE_FORMAT_NAMES[format]))} 사진을 보내 주세요.`,
    },
    'unsupported-media-type': {
      title: '지원하지 않는 콘텐츠 형식이에요',
      detail: ({ received, supported }) =>
        `${received ? `지원하지 않는 콘텐츠 형식: ${received}.` : '콘텐츠 형식이 없어요.'} ` +
        `보낼 수 있는 형식: ${supported.join(', ')}.`,
    },
    'image-undecodable': {
      title: '사진을 열 수 없어요',
      detail: () => '파일이 손상됐거나 일부가 빠져 있어요. 열어서 다시 저장하거나 다른 사진을 선택해 주세요.',
    },
    'image-too-many-pixels': {
      title: '사진의 픽셀이 너무 많아요',
      detail: ({ limitPixels }) =>
        `사진은 최대 ${number(Math.round(limitPixels / 1e6))}메가픽셀까지 보낼 수 있어요. 크기를 줄여서 다시 보내 주세요.`,
    },
    'feedback-photo-differs': {
      title: '다른 사진이에요',
      detail: () => '의견에는 답을 받은 것과 완전히 같은 파일만 넣을 수 있어요. 같은 파일을 다시 선택해 주세요.',
    },
    'too-many-requests': {
      title: '요청이 너무 많아요',
      detail: ({ retryAfterSeconds }) => `${again(retryAfterSeconds)}.`,
    },
    'headers-too-large': {
      title: '요청 헤더가 너무 커요',
      detail: () => '쿠키를 포함해 헤더의 수나 길이를 줄여서 보내 주세요.',
    },
    'internal-error': {
      title: '문제가 생겼어요',
      detail: () => '저희 쪽 문제예요. 다시 시도해 보시고, 계속되면 요청 id를 알려 주세요.',
    },
    'bad-model-answer': {
      title: '모델이 쓸 수 있는 답을 주지 않았어요',
      detail: () => '모델 엔드포인트의 응답을 읽을 수 없어요. 이 서비스를 운영하는 사람이 살펴봐야 해요.',
    },
    overloaded: {
      title: '서비스가 붐비고 있어요',
      detail: ({ retryAfterSeconds }) =>
        `지금 처리할 수 있는 것보다 많은 사진이 들어왔어요. ${again(retryAfterSeconds)}.`,
    },
    'service-unavailable': {
      title: '지금은 서비스를 쓸 수 없어요',
      detail: ({ retryAfterSeconds }) => `서비스의 일부가 시작 중이거나 응답하지 않아요. ${again(retryAfterSeconds)}.`,
    },
    'model-unavailable': {
      title: '지금은 모델을 쓸 수 없어요',
      detail: ({ retryAfterSeconds }) => `모델이 시작 중이거나 응답하지 않아요. ${again(retryAfterSeconds)}.`,
    },
    'model-missing': {
      title: '아직 모델이 없어요',
      detail: ({ retryAfterSeconds }) =>
        `이 서비스에는 답할 모델이 없어요. 아직 배포하지 않았거나 만드는 중이에요. ${again(retryAfterSeconds)}. 더 걸릴 수도 있어요.`,
    },
    'feedback-unavailable': {
      title: '지금은 의견을 보관할 수 없어요',
      detail: ({ retryAfterSeconds }) =>
        `의견을 보관하는 곳이 가득 찼거나 응답하지 않아요. ${again(retryAfterSeconds)}.`,
    },
    'monitor-unavailable': {
      title: '지금은 모니터를 쓸 수 없어요',
      detail: ({ retryAfterSeconds }) =>
        `모니터가 설정되지 않았거나 응답하지 않아요. 그래도 사진에는 답할 수 있어요. ${again(retryAfterSeconds)}.`,
    },
    'deadline-exceeded': {
      title: '시간이 너무 오래 걸렸어요',
      detail: () => '제시간에 답이 오지 않았어요. 잠시 후에 다시 시도해 주세요.',
    },
  },
};

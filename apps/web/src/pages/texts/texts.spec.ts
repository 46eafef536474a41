import 'reflect-metadata';
import {
  CONTENT_KINDS,
  ContentKind,
  LANGUAGES,
  MALFORMED_REASONS,
  MalformedReason,
  ProblemError,
} from '@app/contracts';
import { TEXTS, textsIn } from '.';

/** Words that are the same in all languages. */
const SHARED = ['nav.docs', 'docs.heading', 'monitoring.none', 'uploadPage.browser.answered'];

/** Texts and functions by where they stand. */
function leaves(value: unknown, path = ''): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`));
}

describe.each(LANGUAGES.filter((language) => language !== 'en'))('the texts in %s', (language) => {
  const english = new Map(leaves(TEXTS.en));
  const texts = new Map(leaves(TEXTS[language]));

  it('are all there, and no others', () => {
    const isListed = (path: string) => !path.startsWith('problemTexts.problems.') || !path.endsWith('.status');
    expect([...texts.keys()].sort()).toEqual([...english.keys()].filter(isListed).sort());
    expect(texts.get('language')).toBe(language);
  });

  it('are not English', () => {
    const same = [...texts].filter(([path, text]) => typeof text === 'string' && text === english.get(path));
    expect(same.map(([path]) => path).filter((path) => !SHARED.includes(path))).toEqual([]);
    expect([...texts.values()]).not.toContain('');
  });

  it('word whatever a problem may carry', () => {
    const { problemTexts } = textsIn(language);
    const sentence = (problem: ProblemError) => problem.describe(problemTexts).detail;
    const english = (problem: ProblemError) => problem.message;
    const kinds = (Object.keys(CONTENT_KINDS) as ContentKind[]).map(
      (detected) => new ProblemError('unsupported-image-format', { detected }),
    );
    const reasons = (Object.keys(MALFORMED_REASONS) as MalformedReason[]).map(
      (reason) => new ProblemError('malformed-request', { reason }),
    );
    const sentences = [...kinds, ...reasons].map(sentence);
    expect(new Set(sentences).size).toBe(sentences.length);
    expect(sentences.filter((each) => [...kinds, ...reasons].map(english).includes(each))).toEqual([]);
  });

  it('leave out what another version of the product put into a problem', () => {
    const { problemTexts } = textsIn(language);
    const documents = [
      { code: 'malformed-request', reason: 'its parts are strewn about' },
      { code: 'unsupported-image-format', detected: 'a hologram' },
      { code: 'invalid-parameter', errors: [{ parameter: 'x', message: 'must be a prime number' }] },
    ];
    for (const document of documents) {
      const said = ProblemError.fromDocument(document)?.describe(problemTexts).detail;
      expect(said).toMatch(/./);
      expect(said).not.toMatch(/strewn|hologram|prime|undefined/);
    }
  });
});

describe('Korean', () => {
  const { result, monitoring } = TEXTS.ko;

  it.each(['금붕어', '사람', 'iPod', '747'])('needs no particle that fits the end of %s', (name) => {
    expect(result.label(name, 0.87)).toBe(`${name}일 가능성이 87%예요`);
    expect(result.label(name, 0.999)).toBe(`${name}일 가능성이 99%를 넘어요`);
    expect(result.uncertain(name, 0.4)).toBe(`확실하지 않아요. 가장 가까운 답: ${name}, 40%`);
  });

  it('writes figures and times as Korean does', () => {
    expect(result.milliseconds(8.4)).toBe('8ms');
    expect(result.milliseconds(1500)).toBe('1.5초');
    expect(result.photoValue(4000, 3000, 'JPEG', 3_145_728)).toBe('4,000 × 3,000픽셀, JPEG, 3.1MB');
    expect(TEXTS.ko.model.date('2026-11-20T10:00:00Z')).toBe('2026년 11월 20일');
    expect(monitoring.clock('2026-11-22T14:10:00Z', '2026-11-23T15:00:00Z')).toBe('11월 22일, 14:10 UTC');
    expect(monitoring.rateTitle(60_000)).toBe('1분마다 들어온 사진');
  });
});

describe('English', () => {
  const { result, monitoring, uploadPage } = TEXTS.en;

  it('writes figures and times as English does', () => {
    expect([0.4, 8.4, 1500].map(result.milliseconds)).toEqual(['<1 ms', '8 ms', '1.5 seconds']);
    expect(result.photoValue(4000, 3000, 'JPEG', 3_145_728)).toBe('4,000 × 3,000 pixels, JPEG, 3.1 MB');
    expect(uploadPage.limits(['JPEG', 'PNG', 'WebP'], 15e6, 16)).toBe(
      'JPEG, PNG or WebP, up to 15 MB each, 16 at once.',
    );
    expect(monitoring.clock('2026-11-22T14:10:00Z', '2026-11-23T15:00:00Z')).toBe('22 Nov, 14:10 UTC');
    expect([60_000, 300_000].map(monitoring.rateTitle)).toEqual(['Photos in each minute', 'Photos in each 5 minutes']);
  });
});

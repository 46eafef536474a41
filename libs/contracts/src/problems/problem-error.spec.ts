import { PROBLEM_CATALOGUE } from './problem-catalogue';
import { ProblemError } from './problem-error';

describe('ProblemError', () => {
  it('becomes a document with its values, and comes back from it', () => {
    const problem = new ProblemError('image-too-large', { limitBytes: 15_000_000 });

    const document = problem.toDocument('request-0001');

    expect(document).toEqual({
      type: '/problems/image-too-large',
      title: 'The image is too large',
      status: 413,
      detail: 'An image may have at most 15 MB. Send a smaller version of it.',
      code: 'image-too-large',
      requestId: 'request-0001',
      limitBytes: 15_000_000,
    });
    expect(ProblemError.fromDocument(JSON.parse(JSON.stringify(document)))).toMatchObject({
      code: 'image-too-large',
      message: problem.message,
      parameters: { limitBytes: 15_000_000 },
    });
  });

  it.each([[null], ['text'], [{}], [{ code: 'of-another-version' }], [{ code: 'invalid-parameter' }]])(
    'is not made of %p',
    (document) => {
      expect(ProblemError.fromDocument(document)).toBeUndefined();
    },
  );

  it.each([
    ['a client has to mend', { code: 'image-animated', status: 422, frames: 12 }],
    ['a client has to wait for', { code: 'model-warming', status: 503, retryAfterSeconds: 7 }],
    ['means more than here', { code: 'invalid-parameter', status: 400, faults: 2 }],
  ])('of another version, which %s, is passed on in its own words', (_, members) => {
    const document = { type: `/problems/${members.code}`, title: 'A title', detail: 'What to do.', ...members };

    const problem = ProblemError.fromDocument({ ...document, requestId: 'request-of-theirs' });

    expect(problem).toMatchObject({ status: members.status, message: 'What to do.' });
    expect(problem?.retryAfterSeconds).toBe('retryAfterSeconds' in members ? members.retryAfterSeconds : undefined);
    expect(problem?.toDocument('request-0001')).toEqual({ ...document, requestId: 'request-0001' });
  });

  it('is not made of the problem of another service', () => {
    const document = { type: 'about:blank', title: 'Gone', status: 410, detail: 'It is gone.', code: 'gone' };
    expect(ProblemError.fromDocument(document)).toBeUndefined();
    expect(ProblemError.fromDocument({ ...document, type: '/problems/gone', status: 200 })).toBeUndefined();
  });

  it('tells how long to wait, where waiting helps', () => {
    expect(new ProblemError('overloaded', { retryAfterSeconds: 1 }).retryAfterSeconds).toBe(1);
    expect(new ProblemError('image-empty', {}).retryAfterSeconds).toBeUndefined();
  });

  it('names what an image looks like and what is read instead', () => {
    expect(new ProblemError('unsupported-image-format', { detected: 'pdf' }).message).toBe(
      'This looks like a PDF document. Send a photo as JPEG, PNG or WebP.',
    );
  });
});

describe('the problem catalogue', () => {
  it('has a status that HTTP knows and a title for every code', () => {
    for (const { status, title } of Object.values(PROBLEM_CATALOGUE)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    }
  });
});

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

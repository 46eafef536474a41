import { ProblemError } from '@app/contracts';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { FeedbackTokens, parseFeedbackKeys } from './feedback-token';

const DAY_MS = 86_400_000;
const ANSWER = {
  id: '0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d11',
  model: { name: 'everyday-objects', version: '1.0.0' },
  decision: 'label' as const,
  label: 'n01443537',
  imageSha256: 'ab'.repeat(32),
};
const [key, otherKey] = [randomBytes(32), randomBytes(48)];
const tokens = new FeedbackTokens([key], 7 * DAY_MS);
const invalid = new ProblemError('feedback-token-invalid', {});

function issued(answer = ANSWER, from = tokens, nowMs?: number): string {
  return from.issue(answer, nowMs)?.token ?? '';
}

/** The last character of base64 may have bits that no byte needs. */
function respelled(token: string): string {
  const bytesOf = (text: string) => Buffer.from(text, 'base64url').toString('hex');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const others = Array.from(alphabet, (last) => token.slice(0, -1) + last);
  const found = others.find((other) => other !== token && bytesOf(other) === bytesOf(token));
  if (found === undefined) throw new Error('this token has no spare bits: give its answer a longer label');
  return found;
}

describe('a feedback token', () => {
  it('tells what was answered, and until when feedback is taken', () => {
    const now = Date.parse('2026-11-20T23:59:58.700Z');

    const { token, expiresAt } = tokens.issue(ANSWER, now) ?? { token: '' };

    expect(token).toMatch(/^[A-Za-z0-9_-]{150,220}$/);
    expect(expiresAt).toEqual(new Date('2026-11-27T23:59:58Z'));
    expect(tokens.read(token, ANSWER.id)).toEqual({
      ...ANSWER,
      issuedAt: new Date('2026-11-20T23:59:58Z'),
      expiresAt,
    });
  });

  it('holds names in any script, and an answer without a label', () => {
    const answer = {
      ...ANSWER,
      model: { name: '금붕어', version: '"1",\u0000' },
      decision: 'unknown' as const,
      label: null,
    };
    expect(tokens.read(issued(answer as never), ANSWER.id)).toMatchObject(answer);
  });

  it('is not issued for names that it cannot hold', () => {
    expect(tokens.issue({ ...ANSWER, label: 'x'.repeat(1000) })).toBeUndefined();
  });

  it('is worth nothing once any of its characters is another', () => {
    const token = issued();
    for (let at = 0; at < token.length; at++) {
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      expect(() => tokens.read(changed, ANSWER.id)).toThrow(invalid);
    }
  });

  it.each([
    ['nothing', ''],
    ['a part of it', issued().slice(0, -1)],
    ['its half', issued().slice(0, 90)],
    ['more than it', `${issued()}A`],
    ['another spelling of the same bytes', respelled(issued())],
    ['padded', `${issued()}=`],
    ['a megabyte', 'A'.repeat(1_000_000)],
    ['what is no base64url', issued().replace(/^./, '+')],
    ['zeros', Buffer.alloc(150).toString('base64url')],
  ])('is not %s', (_, token) => {
    expect(() => tokens.read(token, ANSWER.id)).toThrow(invalid);
  });

  it('of the first version is read by every later one', () => {
    const key = Buffer.alloc(32, 'k');
    const token =
      'AQuPbB5dOkxTmlVvby8PPRGrq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq2sA3v5rChl-WyJldmVyeWRheS1vYmplY3RzIiwiMS4wLjAiLCJsYWJlbCIsIm4wMTQ0MzUzNyJdo7sTrZLM95kvhAk2EPUBBHJoYJOMEH1H50XW8J7DbIE';
    expect(new FeedbackTokens([key], DAY_MS).read(token, ANSWER.id)).toMatchObject(ANSWER);
  });

  it('of a later version is not called invalid: whoever has issued it will take it', () => {
    const later = Buffer.from(issued(), 'base64url').subarray(0, -32);
    later[0] = 2;
    const mac = createHmac('sha256', key).update(later).digest();
    const token = Buffer.concat([later, mac]).toString('base64url');

    expect(() => tokens.read(token, ANSWER.id)).toThrow(expect.objectContaining({ status: 503 }));
    expect(() => new FeedbackTokens([otherKey], DAY_MS).read(token, ANSWER.id)).toThrow(invalid);
  });

  it('is for its own answer only', () => {
    expect(() => tokens.read(issued(), randomUUID())).toThrow(invalid);
    expect(tokens.read(issued(), ANSWER.id.toUpperCase()).id).toBe(ANSWER.id);
  });

  it('is refused under another key, and read while its key is among several', () => {
    const other = new FeedbackTokens([otherKey], DAY_MS);
    const rotated = new FeedbackTokens([otherKey, key], DAY_MS);

    expect(() => other.read(issued(), ANSWER.id)).toThrow(invalid);
    expect(rotated.read(issued(), ANSWER.id).id).toBe(ANSWER.id);
    expect(other.read(issued(ANSWER, rotated), ANSWER.id).id).toBe(ANSWER.id); // the first key signs
  });
});

describe('the keys', () => {
  it('come from the setting, or are random', () => {
    const text = [key, otherKey].map((each) => each.toString('base64')).join(',');
    expect(parseFeedbackKeys(text)).toEqual([key, otherKey]);
    expect(parseFeedbackKeys('')[0]).toHaveLength(32);
    expect(parseFeedbackKeys('')).not.toEqual(parseFeedbackKeys(''));
  });
});

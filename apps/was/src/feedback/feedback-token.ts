// Ties feedback to an answer of which nothing is kept: all that has to be known of it later travels with the client, signed.
import { ProblemError } from '@app/contracts';
import { Decision } from '@app/contracts/classification';
import { FEEDBACK_TOKEN_PATTERN } from '@app/contracts/feedback';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What was answered, as a token tells. */
export interface FeedbackClaim {
  /** Of the classification; a UUID. */
  readonly id: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly decision: Decision;
  readonly label: string | null;
  /** Of the image as it was sent, hexadecimal. */
  readonly imageSha256: string;
  /** Both to the second. */
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** A later version has to read tokens of the ones before as long as these live. */
const VERSION = 1;

const RETRY_AFTER_SECONDS = 5;

// One byte of version, then these, then JSON, then the MAC (HMAC-SHA-256) of all before it; the whole as base64url (RFC 4648).
const ID_AT = 1;
const SHA256_AT = ID_AT + 16;
const ISSUED_AT = SHA256_AT + 32;
const EXPIRES_AT = ISSUED_AT + 4;
const JSON_AT = EXPIRES_AT + 4;
const MAC_BYTES = 32;

type ClaimJson = readonly [name: string, version: string, decision: Decision, label: string | null];

/** Issues tokens and reads them. The first key signs, all of them verify. */
export class FeedbackTokens {
  constructor(
    private readonly keys: readonly [Buffer, ...Buffer[]],
    private readonly lifetimeMs: number,
  ) {}

  /** The claim for an answer of now and its token; undefined for one whose names are too long for a token. */
  issue(
    answer: Pick<FeedbackClaim, 'id' | 'model' | 'decision' | 'label' | 'imageSha256'>,
    nowMs = Date.now(),
  ): { readonly token: string; readonly expiresAt: Date } | undefined {
    const issued = Math.floor(nowMs / 1000);
    const expires = Math.floor((nowMs + this.lifetimeMs) / 1000);
    const json: ClaimJson = [answer.model.name, answer.model.version, answer.decision, answer.label];
    const head = Buffer.alloc(JSON_AT);
    head.writeUInt8(VERSION);
    head.write(answer.id.replaceAll('-', ''), ID_AT, 'hex');
    head.write(answer.imageSha256, SHA256_AT, 'hex');
    head.writeUInt32BE(issued, ISSUED_AT);
    head.writeUInt32BE(expires, EXPIRES_AT);
    const signed = Buffer.concat([head, Buffer.from(JSON.stringify(json))]);
    const token = Buffer.concat([signed, macOf(signed, this.keys[0])]).toString('base64url');
    return FEEDBACK_TOKEN_PATTERN.test(token) ? { token, expiresAt: new Date(expires * 1000) } : undefined;
  }

  /**
   * The claim of a token; whether its time is over is for the caller to see.
   *
   * @throws ProblemError `feedback-token-invalid` when it was not issued here, or not for this answer; `service-unavailable` when a later
   *   version of us has issued it, which is there as well while a rollout is under way
   */
  read(token: string, id: string): FeedbackClaim {
    const bytes = FEEDBACK_TOKEN_PATTERN.test(token) ? Buffer.from(token, 'base64url') : Buffer.alloc(0);
    const signed = bytes.subarray(0, Math.max(0, bytes.length - MAC_BYTES));
    const mac = bytes.subarray(signed.length);
    const isWhole = signed.length > JSON_AT && bytes.toString('base64url') === token;
    if (!isWhole || !this.keys.some((key) => timingSafeEqual(macOf(signed, key), mac))) {
      throw new ProblemError('feedback-token-invalid', {});
    }
    if (signed[0] !== VERSION) {
      throw new ProblemError('service-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const claim = claimOf(signed);
    if (claim.id !== id.toLowerCase()) throw new ProblemError('feedback-token-invalid', {});
    return claim;
  }
}

/** Keys from base64, separated by commas; without any a random one, which ends with the process. */
export function parseFeedbackKeys(text: string): readonly [Buffer, ...Buffer[]] {
  if (text === '') return [randomBytes(MAC_BYTES)];
  const [first = '', ...others] = text.split(',');
  return [Buffer.from(first, 'base64'), ...others.map((key) => Buffer.from(key, 'base64'))];
}

function macOf(bytes: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key).update(bytes).digest();
}

function claimOf(signed: Buffer): FeedbackClaim {
  // Its MAC says that `issue` wrote it.
  const [name, version, decision, label] = JSON.parse(signed.toString('utf8', JSON_AT)) as ClaimJson;
  return {
    id: signed.toString('hex', ID_AT, SHA256_AT).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    model: { name, version },
    decision,
    label,
    imageSha256: signed.toString('hex', SHA256_AT, ISSUED_AT),
    issuedAt: new Date(signed.readUInt32BE(ISSUED_AT) * 1000),
    expiresAt: new Date(signed.readUInt32BE(EXPIRES_AT) * 1000),
  };
}

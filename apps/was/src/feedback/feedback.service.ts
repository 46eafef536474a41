import { ParameterRule, ProblemError } from '@app/contracts';
import { FeedbackOffer, FeedbackResponse, FeedbackStatement } from '@app/contracts/classification';
import { FeedbackRecord, OTHER_LABEL } from '@app/contracts/feedback';
import { photoForLearning } from '@app/imaging';
import { RequestContext } from '@app/platform';
import { CounterMetric } from '@app/platform/telemetry';
import { Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { ModelDirectory } from '../model/model-directory';
import { FeedbackListener } from './feedback-listener.port';
import { FeedbackStore } from './feedback-store';
import { FeedbackClaim, FeedbackTokens } from './feedback-token';

/** Seconds after which a bucket may be back; a full disk takes a person, and longer. */
const RETRY_AFTER_SECONDS = 30;

const feedbackGiven = new CounterMetric({
  name: 'classifier.feedback',
  unit: '{feedback}',
  description: 'What people said of answers, and whether they gave the photo with it.',
  attributes: ['right', 'photo'],
});

export interface FeedbackParts {
  readonly tokens: FeedbackTokens;
  readonly store: FeedbackStore;
}

type Caller = Pick<RequestContext, 'requestId' | 'trace'>;

/** Takes feedback to answers, and gives it back. Without parts there is no place for feedback, and none is offered. */
export class FeedbackService {
  private readonly logger = new Logger(FeedbackService.name);

  constructor(
    private readonly parts: FeedbackParts | undefined,
    private readonly directory: ModelDirectory,
    private readonly listener: FeedbackListener,
  ) {}

  /** What an answer carries so that feedback to it can be given. */
  offer(answer: Pick<FeedbackClaim, 'id' | 'model' | 'decision' | 'label' | 'imageSha256'>): FeedbackOffer | undefined {
    const issued = this.parts?.tokens.issue(answer);
    return issued && { token: issued.token, expires: issued.expiresAt.toISOString() };
  }

  /** @throws ProblemError `feedback-off`, `feedback-token-invalid`, `feedback-expired` */
  currentClaim(id: string, token: string): FeedbackClaim {
    const claim = this.requireParts().tokens.read(token, id);
    if (claim.expiresAt.getTime() <= Date.now()) throw new ProblemError('feedback-expired', {});
    return claim;
  }

  /**
   * Stores feedback; it is there for good when the promise is fulfilled. Without consent the image is not looked at.
   *
   * @throws ProblemError `invalid-parameter`, `feedback-exists`, `feedback-photo-differs`, `feedback-unavailable`, and
   *   what an image is refused for
   */
  async give(
    claim: FeedbackClaim,
    statement: FeedbackStatement,
    image: Buffer | undefined,
    caller: Caller,
  ): Promise<FeedbackResponse> {
    const { store } = this.requireParts();
    await this.checkLabel(claim, statement, caller);
    const photo = statement.consent && image !== undefined ? await photoOf(claim, image) : undefined;
    const record = recordOf(claim, statement, photo !== undefined);
    const isNew = await this.inStore(() => store.add(record, photo));
    if (!isNew) throw new ProblemError('feedback-exists', {});
    feedbackGiven.add(1, { right: record.right, photo: photo !== undefined });
    this.listener.stored({
      id: record.id,
      at: Date.parse(record.at),
      model: record.model,
      right: record.right,
      ...(record.said === null ? {} : { predicted: record.said }),
      ...labelOf(record),
    });
    return { id: record.id, stored: true, photo: photo !== undefined };
  }

  /**
   * Deletes feedback and its photo, also when the time for giving it is over.
   *
   * @throws ProblemError `feedback-off`, `feedback-token-invalid`, `feedback-not-found`, `feedback-unavailable`
   */
  async withdraw(id: string, token: string): Promise<void> {
    const { tokens, store } = this.requireParts();
    const { imageSha256, issuedAt } = tokens.read(token, id);
    const key = { id: id.toLowerCase(), classifiedAt: issuedAt.toISOString(), imageSha256 };
    if (!(await this.inStore(() => store.remove(key)))) throw new ProblemError('feedback-not-found', {});
  }

  private requireParts(): FeedbackParts {
    if (this.parts === undefined) throw new ProblemError('feedback-off', {});
    return this.parts;
  }

  /** Labels are compared with those of the model that answered, while it is still the one that is deployed. */
  private async checkLabel(
    { model }: FeedbackClaim,
    { right, label }: FeedbackStatement,
    caller: Caller,
  ): Promise<void> {
    if (label === undefined) return;
    if (right) throw invalidLabel('only-when-wrong');
    const known = label === OTHER_LABEL ? undefined : await this.directory.labelsOf(model, caller);
    if (known !== undefined && !known.has(label)) throw invalidLabel('known-label');
  }

  private async inStore<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.logger.error({ err: error }, 'feedback cannot be stored: look after the folder or the bucket for it');
      throw new ProblemError('feedback-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
    }
  }
}

async function photoOf({ imageSha256 }: FeedbackClaim, image: Buffer): Promise<Buffer> {
  const sha256 = createHash('sha256').update(image).digest('hex');
  if (sha256 !== imageSha256) throw new ProblemError('feedback-photo-differs', {});
  return await photoForLearning(image);
}

function recordOf(
  claim: FeedbackClaim,
  { right, label, consent }: FeedbackStatement,
  hasPhoto: boolean,
): FeedbackRecord {
  return {
    schemaVersion: 1,
    id: claim.id,
    classifiedAt: claim.issuedAt.toISOString(),
    at: new Date().toISOString(),
    model: claim.model,
    decision: claim.decision,
    said: claim.label,
    right,
    label: label ?? null,
    consent,
    image: hasPhoto ? claim.imageSha256 : null,
  };
}

/** What it is, as far as the person has said. */
function labelOf({ right, said, label }: FeedbackRecord): { label?: string } {
  const known = right ? said : label;
  return known === null ? {} : { label: known };
}

function invalidLabel(rule: ParameterRule): ProblemError {
  return new ProblemError('invalid-parameter', { errors: [{ parameter: 'label', rule }] });
}

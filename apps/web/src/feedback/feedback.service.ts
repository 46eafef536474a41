import { ProblemError } from '@app/contracts';
import { FeedbackRequest, FeedbackResponse } from '@app/contracts/classification';
import { FEEDBACK_TOKEN_PATTERN } from '@app/contracts/feedback';
import { Deadline, requestContextOf, validated } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request } from 'express';
import { Places } from '../classification/places';
import { WasCallContext, WasClient } from '../classification/was-client.port';
import { UploadMemory } from '../uploads/upload-memory';
import { WebConfig } from '../web.config';
import { receiveFeedback } from './receive-feedback';

/** Hands feedback on to the business tier, which knows whether it belongs to an answer. A photo without consent goes no further. */
@Injectable()
export class FeedbackService {
  constructor(
    private readonly was: WasClient,
    private readonly memory: UploadMemory,
    private readonly places: Places,
    private readonly config: WebConfig,
  ) {}

  /**
   * Receives feedback to an answer, as JSON or as a form, and has it stored.
   *
   * @throws ProblemError
   */
  async give(id: string, request: Request): Promise<FeedbackResponse> {
    return (await this.receiveAndGive(id, request, 'program')).stored;
  }

  /** The same for the form of our page; gives the token that came with it, too. */
  async giveByForm(
    id: string,
    request: Request,
  ): Promise<{ readonly stored: FeedbackResponse; readonly token: string }> {
    return await this.receiveAndGive(id, request, 'page');
  }

  /** Has feedback deleted, and the photo with it. */
  async withdraw(id: string, token: string, request: Request): Promise<void> {
    requireToken(token);
    await this.was.withdrawFeedback(id, token, this.callContext(request));
  }

  /** The same for a form that carries the token. */
  async withdrawByForm(id: string, request: Request): Promise<void> {
    const { uploadIdleMs: idleTimeoutMs } = this.config;
    const { fields, release } = await receiveFeedback(request, { idleTimeoutMs, memory: this.memory });
    release();
    await this.withdraw(id, 'token' in fields ? String(fields.token) : '', request);
  }

  private async receiveAndGive(
    id: string,
    request: Request,
    sender: 'program' | 'page',
  ): Promise<{ readonly stored: FeedbackResponse; readonly token: string }> {
    this.places.requireFree();
    const { uploadIdleMs: idleTimeoutMs } = this.config;
    const { fields, photo, release } = await receiveFeedback(request, { idleTimeoutMs, memory: this.memory });
    try {
      const { token, right, label, consent } = await validated(FeedbackRequest, fields);
      requireToken(token);
      // A page sends its list of labels also when that is hidden, the answer being right.
      const isLabelMeant = label !== undefined && !(sender === 'page' && right);
      const feedback = {
        token,
        right,
        consent,
        ...(isLabelMeant ? { label } : {}),
        ...(consent && photo !== undefined ? { photo } : {}),
      };
      const stored = await this.places.take(() => this.was.giveFeedback(id, feedback, this.callContext(request)));
      return { stored, token };
    } finally {
      release();
    }
  }

  private callContext(request: Request): WasCallContext {
    const { requestId, trace } = requestContextOf(request);
    // Express always gives a request its response.
    const deadline = Deadline.ofRequest(this.config.deadlineMs, request.res as NonNullable<typeof request.res>);
    return { requestId, trace, deadline };
  }
}

/** What is not even written like a token is none; nor could a header carry it. */
function requireToken(token: string): void {
  if (!FEEDBACK_TOKEN_PATTERN.test(token)) throw new ProblemError('feedback-token-invalid', {});
}

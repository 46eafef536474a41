import { Header, MAX_IMAGE_BYTES } from '@app/contracts';
import { FeedbackResponse, FeedbackStatement } from '@app/contracts/classification';
import { Context, Deadline, headerOf, readBody, type RequestContext } from '@app/platform';
import { Controller, Delete, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Admission } from '../classification/admission';
import { WasConfig } from '../was.config';
import { FeedbackService } from './feedback.service';

/** web sends what it has already received. */
const IDLE_TIMEOUT_MS = 5000;

@Controller('v1/feedback')
export class FeedbackController {
  constructor(
    private readonly service: FeedbackService,
    private readonly admission: Admission,
    private readonly config: WasConfig,
  ) {}

  /** The body is the image, or empty. What is not for this answer is refused before it is read. */
  @Post(':id')
  @HttpCode(201)
  async give(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('id') id: string,
    @Query() statement: FeedbackStatement,
    @Context() { requestId, trace }: RequestContext,
  ): Promise<FeedbackResponse> {
    const claim = this.service.currentClaim(id, tokenOf(request));
    // Ends the wait for a place only: what is once being stored is stored, whether or not its caller still waits.
    const { signal } = Deadline.ofRequest(this.config.deadlineMs, response);
    return await this.admission.admit(
      async () => {
        const image = await readBody(request, { limitBytes: MAX_IMAGE_BYTES, idleTimeoutMs: IDLE_TIMEOUT_MS });
        return await this.service.give(claim, statement, image.length > 0 ? image : undefined, { requestId, trace });
      },
      signal,
      trace,
    );
  }

  @Delete(':id')
  @HttpCode(204)
  async withdraw(@Req() request: Request, @Param('id') id: string): Promise<void> {
    await this.service.withdraw(id, tokenOf(request));
  }
}

function tokenOf(request: Request): string {
  return headerOf(request, Header.feedbackToken) ?? '';
}

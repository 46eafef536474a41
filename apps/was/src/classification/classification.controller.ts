import { Header, MAX_IMAGE_BYTES } from '@app/contracts';
import { type Classification, ClassifyRequest } from '@app/contracts/classification';
import { Context, Deadline, formatServerTiming, headerOf, readBody, type RequestContext } from '@app/platform';
import { Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { WasConfig } from '../was.config';
import { Admission } from './admission';
import { ClassificationService } from './classification.service';

/** web sends what it has already received; a body that stalls here means that web is gone. */
const IDLE_TIMEOUT_MS = 5000;

@Controller('v1/classifications')
export class ClassificationController {
  constructor(
    private readonly service: ClassificationService,
    private readonly admission: Admission,
    private readonly config: WasConfig,
  ) {}

  /** The body is the image, whatever its content type says. */
  @Post()
  @HttpCode(200)
  async classify(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Query() { top_k: topK, heatmap }: ClassifyRequest,
    @Context() { requestId, trace }: RequestContext,
  ): Promise<Classification> {
    const deadline = Deadline.ofRequest(this.timeoutMs(request), response);
    const waitingSince = performance.now();
    const classification = await this.admission.admit(
      async () => {
        const admittedAt = performance.now();
        const image = await readBody(request, { limitBytes: MAX_IMAGE_BYTES, idleTimeoutMs: IDLE_TIMEOUT_MS });
        const classification = await this.service.classify(image, { topK, heatmap }, { requestId, trace, deadline });
        const queueMs = classification.timing.queueMs + admittedAt - waitingSince;
        return { ...classification, timing: { ...classification.timing, queueMs } };
      },
      deadline.signal,
      trace,
    );

    const { decodeMs, queueMs, inferMs, totalMs } = classification.timing;
    const timing = formatServerTiming({ decode: decodeMs, queue: queueMs, infer: inferMs, was: totalMs });
    response.setHeader(Header.serverTiming, timing);
    return classification;
  }

  /** What web still has, but never more than our own limit. */
  private timeoutMs(request: Request): number {
    const offered = Number(headerOf(request, Header.deadlineMs));
    return offered > 0 ? Math.min(offered, this.config.deadlineMs) : this.config.deadlineMs;
  }
}

import { DEFAULT_TOP_K, isProblem, isProblemCode, ProblemError } from '@app/contracts';
import { ModelResponse } from '@app/contracts/classification';
import { DEFAULT_WINDOW, WINDOW_NAMES } from '@app/contracts/monitoring';
import { Controller, Get, HttpCode, Param, Post, Query, Redirect, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ClassificationService } from '../classification/classification.service';
import { FeedbackService } from '../feedback/feedback.service';
import { languageOf } from '../language';
import { MonitoringService } from '../status/monitoring.service';
import { StatusService } from '../status/status.service';
import { exampleOf } from './problem-examples';
import { renderHtml, sendHtml, sendPartOrPage } from './send-page';
import { textsIn } from './texts';
import { DocsPage } from './views/docs-page';
import { FeedbackPage, FeedbackThanks, FeedbackWithdrawn } from './views/feedback';
import { ModelPage } from './views/model-page';
import { ProblemKindPage } from './views/problem-kind-page';
import { Result } from './views/result';
import { StatusPage, StatusParts } from './views/status-page';
import { UploadPage } from './views/upload-page';

/** The start page does not wait longer than this for what the model says of itself. */
const MODEL_SUMMARY_LIMIT_MS = 1000;

/** The pages for people. Their problems are pages as well: see `WebProblemFilter`. */
@ApiExcludeController()
@Controller()
export class PagesController {
  constructor(
    private readonly classifications: ClassificationService,
    private readonly feedbacks: FeedbackService,
    private readonly statuses: StatusService,
    private readonly monitorings: MonitoringService,
  ) {}

  @Get()
  async upload(@Req() request: Request, @Res() response: Response): Promise<void> {
    const texts = textsIn(languageOf(request));
    const model = await this.describedInTime(request);
    const shown = isProblem(model) ? { isModelMissing: model.code === 'model-missing' } : { model };
    sendHtml(response, renderHtml(<UploadPage texts={texts} {...shown} />), 'revalidate');
  }

  /** The form's target. `part=result` answers only the result, for the script to place. */
  @Post('classify')
  @HttpCode(200)
  async classify(@Req() request: Request, @Res() response: Response, @Query('part') part?: string): Promise<void> {
    const language = languageOf(request);
    const texts = textsIn(language);
    const options = { topK: DEFAULT_TOP_K, heatmap: false, language }; // the form itself says whether it wants a heatmap
    const classification = await this.classifications.classifyUpload(request, options);
    const labels = classification.feedback === undefined ? [] : ((await this.modelInTime(request))?.labels ?? []);
    const answer = { texts, classification, labels };
    sendPartOrPage(response, part === 'result', <Result {...answer} headingLevel={2} />, <UploadPage {...answer} />);
  }

  /** The target of the form below a result; `part=result` as above. */
  @Post('feedback/:id')
  @HttpCode(200)
  async feedback(
    @Req() request: Request,
    @Res() response: Response,
    @Param('id') id: string,
    @Query('part') part?: string,
  ): Promise<void> {
    const texts = textsIn(languageOf(request));
    const given = { texts, ...(await this.feedbacks.giveByForm(id, request)) };
    const page = (
      <FeedbackPage texts={texts} title={texts.feedback.thanks}>
        <FeedbackThanks {...given} headingLevel={1} />
      </FeedbackPage>
    );
    sendPartOrPage(response, part === 'result', <FeedbackThanks {...given} headingLevel={2} />, page);
  }

  @Post('feedback/:id/withdraw')
  @HttpCode(200)
  async withdrawFeedback(
    @Req() request: Request,
    @Res() response: Response,
    @Param('id') id: string,
    @Query('part') part?: string,
  ): Promise<void> {
    const texts = textsIn(languageOf(request));
    await this.feedbacks.withdrawByForm(id, request);
    const page = (
      <FeedbackPage texts={texts} title={texts.feedback.withdrawn}>
        <FeedbackWithdrawn texts={texts} headingLevel={1} />
      </FeedbackPage>
    );
    sendPartOrPage(response, part === 'result', <FeedbackWithdrawn texts={texts} headingLevel={2} />, page);
  }

  /** Who opens the address of a form's answer again has sent nothing there; the first form is what they need. */
  @Get(['classify', 'feedback/:id', 'feedback/:id/withdraw'])
  @Redirect('/', 303)
  classifyAgain(): void {
    // the decorator is the whole answer
  }

  @Get('model')
  async model(@Req() request: Request, @Res() response: Response): Promise<void> {
    const language = languageOf(request);
    const model = await this.classifications.describeModel(language, request);
    sendHtml(response, renderHtml(<ModelPage texts={textsIn(language)} model={model} />), 'revalidate');
  }

  /** `part=live` answers only what is below the heading, for the script to place. An unknown window is the usual one. */
  @Get('status')
  async status(
    @Req() request: Request,
    @Res() response: Response,
    @Query('window') wanted?: string,
    @Query('part') part?: string,
  ): Promise<void> {
    const language = languageOf(request);
    const window = WINDOW_NAMES.find((name) => name === wanted) ?? DEFAULT_WINDOW;
    const [status, monitoring, model] = await Promise.all([
      this.statuses.status(language, request),
      this.monitorings.monitoring(window, request),
      this.modelInTime(request),
    ]);
    const shown = {
      texts: textsIn(language),
      report: { status: status.status, tiers: status.tiers, monitoring },
      labels: model?.labels ?? [],
    };
    sendPartOrPage(response, part === 'live', <StatusParts {...shown} />, <StatusPage {...shown} />);
  }

  @Get('docs')
  docs(@Req() request: Request, @Res() response: Response): void {
    sendHtml(response, renderHtml(<DocsPage texts={textsIn(languageOf(request))} />), 'revalidate');
  }

  @Get('problems/:code')
  problem(@Req() request: Request, @Res() response: Response, @Param('code') code: string): void {
    if (!isProblemCode(code)) throw new ProblemError('not-found', {});
    const texts = textsIn(languageOf(request));
    sendHtml(response, renderHtml(<ProblemKindPage texts={texts} example={exampleOf(code)} />), 'revalidate');
  }

  private async modelInTime(request: Request): Promise<ModelResponse | undefined> {
    const described = await this.describedInTime(request);
    return isProblem(described) ? undefined : described;
  }

  /** The page is of use without it, so a model that is slow or gone costs a sentence and not the page. Undefined when it is slow. */
  private async describedInTime(request: Request): Promise<ModelResponse | ProblemError | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), MODEL_SUMMARY_LIMIT_MS);
    });
    const described = this.classifications.describeModel(languageOf(request), request).catch((error: unknown) => {
      if (isProblem(error)) return error;
      throw error;
    });
    try {
      return await Promise.race([described, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

import { DEFAULT_TOP_K, isProblem, isProblemCode, ProblemError } from '@app/contracts';
import { ClassificationResponse, LabelResponse, ModelResponse } from '@app/contracts/classification';
import { DEFAULT_WINDOW, WINDOW_NAMES } from '@app/contracts/monitoring';
import { requestContextOf } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post, Query, Redirect, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ClassificationService } from '../classification/classification.service';
import { FeedbackService } from '../feedback/feedback.service';
import { languageOf } from '../language';
import { MonitoringService } from '../status/monitoring.service';
import { StatusService } from '../status/status.service';
import { exampleOf } from './problem-examples';
import { readSample } from './samples';
import { renderHtml, sendHtml, sendPart, sendPartOrPage } from './send-page';
import { Texts, textsIn } from './texts';
import { DocsPage } from './views/docs-page';
import { FeedbackPage, FeedbackThanks, FeedbackWithdrawn } from './views/feedback';
import { ModelPage } from './views/model-page';
import { ProblemKindPage } from './views/problem-kind-page';
import { Result } from './views/result';
import { ResultsPage } from './views/results-page';
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

  /** The form's target: one photo or several. `part=result` takes one and answers only its result, for the script to place. */
  @Post('classify')
  @HttpCode(200)
  async classify(@Req() request: Request, @Res() response: Response, @Query('part') part?: string): Promise<void> {
    const language = languageOf(request);
    const options = { topK: DEFAULT_TOP_K, heatmap: false, language }; // the form itself says whether it wants a heatmap
    if (part === 'result') {
      const classification = await this.classifications.classifyUpload(request, options);
      const shown = await this.shownWith([classification], request);
      sendPart(response, <Result {...shown} classification={classification} headingLevel={3} />);
      return;
    }
    const answers = await this.classifications.classifyForm(request, options);
    const shown = await this.shownWith(
      answers.map(({ answer }) => answer),
      request,
    );
    const [only, ...others] = answers;
    if (only === undefined || others.length > 0) {
      sendHtml(
        response,
        renderHtml(<ResultsPage {...shown} answers={answers} requestId={requestContextOf(request).requestId} />),
        'private',
      );
      return;
    }
    if (isProblem(only.answer)) throw only.answer;
    sendHtml(response, renderHtml(<UploadPage {...shown} classification={only.answer} />), 'private');
  }

  /** The target of a sample's button, for browsers without scripts. */
  @Post('samples/:name')
  @HttpCode(200)
  async sample(@Req() request: Request, @Res() response: Response, @Param('name') name: string): Promise<void> {
    const image = await readSample(name);
    if (image === undefined) throw new ProblemError('not-found', {});
    const options = { topK: DEFAULT_TOP_K, heatmap: true, language: languageOf(request) };
    const classification = await this.classifications.classifyImage(image, options, request);
    const shown = await this.shownWith([classification], request);
    sendHtml(response, renderHtml(<UploadPage {...shown} classification={classification} />), 'private');
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
    sendPartOrPage(response, part === 'result', <FeedbackThanks {...given} headingLevel={4} />, page);
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
    sendPartOrPage(response, part === 'result', <FeedbackWithdrawn texts={texts} headingLevel={4} />, page);
  }

  /** Who opens the address of a form's answer again has sent nothing there; the first form is what they need. */
  @Get(['classify', 'samples/:name', 'feedback/:id', 'feedback/:id/withdraw'])
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

  /** Texts, and the labels to choose from where an answer takes feedback. */
  private async shownWith(
    answers: readonly (ClassificationResponse | ProblemError)[],
    request: Request,
  ): Promise<{ texts: Texts; labels: readonly LabelResponse[] }> {
    const isFeedbackTaken = answers.some((answer) => !isProblem(answer) && answer.feedback !== undefined);
    const labels = isFeedbackTaken ? ((await this.modelInTime(request))?.labels ?? []) : [];
    return { texts: textsIn(languageOf(request)), labels };
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

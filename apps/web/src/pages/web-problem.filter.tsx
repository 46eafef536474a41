import { MediaType, ProblemError } from '@app/contracts';
import { ProblemFilter, requestContextOf } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request, Response } from 'express';
import { languageOf } from '../language';
import { sendFragment, sendPage } from './send-page';
import { problemTexts, textsIn } from './texts';
import { ProblemPage, ProblemSummary } from './views/problem';
import { UploadPage } from './views/upload-page';

/** Addresses that only programs ask. */
const FOR_PROGRAMS = /^\/(api|health|assets)(\/|$)|^\/openapi\.json$/;

/** Shows problems as pages to people, with the texts that programs get; programs get `application/problem+json`. */
@Injectable()
export class WebProblemFilter extends ProblemFilter {
  protected override send(problem: ProblemError, request: Request, response: Response): void {
    if (FOR_PROGRAMS.test(request.path) || request.accepts([MediaType.problem, MediaType.html]) !== MediaType.html) {
      super.send(problem, request, response);
      return;
    }
    const texts = textsIn(languageOf(request));
    const props = { texts, ...problemTexts(problem), requestId: requestContextOf(request).requestId };
    const fromForm = request.path === '/classify' && request.method === 'POST';
    if (fromForm && request.query['part'] === 'result') {
      sendFragment(response, <ProblemSummary {...props} fieldId="image" />);
    } else if (fromForm) {
      sendPage(response, <UploadPage texts={texts} problem={props} />, 'private');
    } else {
      sendPage(response, <ProblemPage {...props} status={problem.status} />, 'private');
    }
  }
}

import { MediaType, ProblemError } from '@app/contracts';
import { ProblemFilter, RenderedProblem, requestContextOf } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request } from 'express';
import { languageOf } from '../language';
import { renderHtml } from './send-page';
import { problemTexts, textsIn } from './texts';
import { ProblemNote, ProblemPage } from './views/problem';
import { UploadPage } from './views/upload-page';

/** Addresses that only programs ask. */
const FOR_PROGRAMS = /^\/(api|health|assets)(\/|$)|^\/(openapi\.json|version)$/;

/** Targets of the forms of the start page. */
const OF_THE_FORM = /^\/(classify|samples\/[\w-]+)$/;

/** Shows problems as pages to people, with the texts that programs get; programs get `application/problem+json`. */
@Injectable()
export class WebProblemFilter extends ProblemFilter {
  protected override render(problem: ProblemError, request: Request): RenderedProblem {
    if (FOR_PROGRAMS.test(request.path)) return super.render(problem, request);
    request.res?.vary('Accept').vary('Accept-Language').setHeader('cache-control', 'no-store');
    if (request.accepts([MediaType.problem, MediaType.html]) !== MediaType.html) return super.render(problem, request);
    return { mediaType: 'text/html; charset=utf-8', body: this.pageOf(problem, request) };
  }

  private pageOf(problem: ProblemError, request: Request): string {
    const texts = textsIn(languageOf(request));
    const props = { texts, ...problemTexts(problem), requestId: requestContextOf(request).requestId };
    if (request.query['part'] === 'result') {
      const headingLevel = request.path.startsWith('/feedback/') ? 4 : 3;
      return renderHtml(<ProblemNote {...props} headingLevel={headingLevel} />, 'part');
    }
    if (!OF_THE_FORM.test(request.path)) return renderHtml(<ProblemPage {...props} status={problem.status} />);
    return renderHtml(<UploadPage texts={texts} problem={props} />);
  }
}

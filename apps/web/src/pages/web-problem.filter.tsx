import { MediaType, ProblemError } from '@app/contracts';
import { ProblemFilter, RenderedProblem, requestContextOf } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Request } from 'express';
import { isForPrograms } from '../for-programs';
import { languageOf, nameLanguage } from '../language';
import { problemDocument } from '../problem-document';
import { renderHtml } from './send-page';
import { problemTexts, textsIn } from './texts';
import { ProblemNote } from './views/problem';
import { ProblemPage } from './views/problem-page';
import { UploadPage } from './views/upload-page';

/** Targets of the forms of the start page. */
const OF_THE_FORM = /^\/(classify|samples\/[\w-]+)$/;

/** Shows problems as pages to people, with the texts that programs get; programs get `application/problem+json`. */
@Injectable()
export class WebProblemFilter extends ProblemFilter {
  protected override render(problem: ProblemError, request: Request): RenderedProblem {
    if (request.res !== undefined) nameLanguage(request.res, languageOf(request));
    if (isForPrograms(request.path)) return this.documentOf(problem, request);
    request.res?.vary('Accept').setHeader('cache-control', 'no-store');
    if (request.accepts([MediaType.problem, MediaType.html]) !== MediaType.html)
      return this.documentOf(problem, request);
    return { mediaType: 'text/html; charset=utf-8', body: this.pageOf(problem, request) };
  }

  private documentOf(problem: ProblemError, request: Request): RenderedProblem {
    return { mediaType: MediaType.problem, body: JSON.stringify(problemDocument(problem, request)) };
  }

  private pageOf(problem: ProblemError, request: Request): string {
    const texts = textsIn(languageOf(request));
    const { requestId } = requestContextOf(request);
    const props = { texts, ...problemTexts(texts, problem), requestId };
    if (request.query['part'] === 'result') {
      const headingLevel = request.path.startsWith('/feedback/') ? 4 : 3;
      return renderHtml(<ProblemNote {...props} headingLevel={headingLevel} />, 'part');
    }
    if (OF_THE_FORM.test(request.path)) return renderHtml(<UploadPage texts={texts} problem={props} />);
    const address = request.method === 'GET' ? { address: ownAddress(request) } : {};
    return renderHtml(<ProblemPage texts={texts} problem={problem} requestId={requestId} {...address} />);
  }
}

/** A path of ours: slashes in front of one would make a host of what follows. */
function ownAddress({ originalUrl }: Request): string {
  return `/${originalUrl.replace(/^[/\\]+/, '')}`;
}

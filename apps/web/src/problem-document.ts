import { ProblemDocument, ProblemError } from '@app/contracts';
import { requestContextOf } from '@app/platform';
import { Request } from 'express';
import { languageOf } from './language';
import { textsIn } from './pages/texts';

/** The problem as its document, in the language of the reply. */
export function problemDocument(problem: ProblemError, request: Request): ProblemDocument {
  return problem.toDocument(requestContextOf(request).requestId, textsIn(languageOf(request)).problemTexts);
}

import { Language, ProblemError } from '@app/contracts';
import { en, Texts } from './en';
import { ko } from './ko';

export type { Texts };

/** Every language that the product speaks has its texts. */
export const TEXTS: Record<Language, Texts> = { en, ko };

export function textsIn(language: Language): Texts {
  return TEXTS[language];
}

/** Title and sentence of a problem, as pages and scripts show them. */
export function problemTexts({ problemTexts }: Texts, problem: ProblemError): { title: string; detail: string } {
  return problem.describe(problemTexts);
}

import { Texts } from '../texts';

export interface ProblemSummaryProps {
  readonly texts: Texts;
  readonly title: string;
  readonly detail: string;
  /** What support finds in the logs; absent when the problem arose in the browser. */
  readonly requestId?: string;
}

/** What went wrong and what to do, with the focus on it; above the form, or in its place on other pages. */
export function ProblemSummary({
  texts,
  title,
  detail,
  requestId,
  fieldId,
}: ProblemSummaryProps & { fieldId?: string }) {
  return (
    <section class="problem" id="problem" data-part="problem" tabIndex={-1} aria-labelledby="problem-title">
      <h2 class="problem-title" id="problem-title" data-part="problem-title">
        {title}
      </h2>
      <p data-part="problem-detail">{detail}</p>
      {fieldId !== undefined && (
        <p>
          <a href={`#${fieldId}`}>{texts.problem.chooseAnother}</a>
        </p>
      )}
      {requestId !== undefined && <Reference texts={texts} requestId={requestId} />}
    </section>
  );
}

/** The same about one of several photos, or about feedback to one of several answers: a page may hold several. */
export function ProblemNote({
  texts,
  title,
  detail,
  requestId,
  headingLevel,
}: ProblemSummaryProps & { headingLevel: 2 | 3 | 4 }) {
  const Heading = `h${headingLevel}` as const;
  return (
    <section class="problem" data-part="problem" tabIndex={-1} aria-label={title}>
      <Heading class="problem-title" data-part="problem-title">
        {title}
      </Heading>
      <p data-part="problem-detail">{detail}</p>
      {requestId !== undefined && <Reference texts={texts} requestId={requestId} />}
    </section>
  );
}

/** What support finds in the logs, in small print. */
export function Reference({ texts, requestId }: { texts: Texts; requestId: string }) {
  return (
    <p class="reference">
      {texts.problem.reference} <code>{requestId}</code>
    </p>
  );
}

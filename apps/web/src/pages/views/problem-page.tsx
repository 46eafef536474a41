import { ProblemError } from '@app/contracts';
import { NextStep, nextSteps } from '../next-steps';
import { problemTexts, Texts } from '../texts';
import { Layout } from './layout';
import { Reference } from './problem';

interface ProblemPageProps {
  readonly texts: Texts;
  readonly problem: ProblemError;
  /** What support finds in the logs. */
  readonly requestId: string;
  /** Where this page can be opened again; absent for the answer to a form. */
  readonly address?: string;
}

/** The page of a problem that no form can mend: what went wrong, and what to do next. */
export function ProblemPage({ texts, problem, requestId, address }: ProblemPageProps) {
  const { title, detail } = problemTexts(texts, problem);
  const steps = nextSteps(problem, address === undefined);
  return (
    <Layout texts={texts} title={title}>
      <p class="kicker">{texts.problemPage.status(problem.status)}</p>
      <h1>{title}</h1>
      <p class="lead">{detail}</p>
      {steps.length > 0 && (
        <section aria-labelledby="next">
          <h2 id="next">{texts.problemPage.nextHeading}</h2>
          <ul>
            {steps.map((step) => (
              <li key={step}>
                <Step texts={texts} step={step} seconds={problem.retryAfterSeconds} address={address} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="way-out">
        <a class="button" href="/">
          {texts.problem.home}
        </a>
      </p>
      <Reference texts={texts} requestId={requestId} />
    </Layout>
  );
}

interface StepProps {
  readonly texts: Texts;
  readonly step: NextStep;
  /** Until it makes sense to try again, where that is known. */
  readonly seconds: number | undefined;
  readonly address: string | undefined;
}

function Step({ texts: { problemPage: t }, step, seconds, address }: StepProps) {
  switch (step) {
    case 'again':
      return <a href={address}>{seconds === undefined ? t.again : t.againIn(seconds)}</a>;
    case 'go-back':
      return <>{seconds === undefined ? t.goBack : t.goBackIn(seconds)}</>;
    case 'mend':
      return <>{t.mend}</>;
    case 'clear-cookies':
      return <>{t.clearCookies}</>;
    case 'see-status':
      return <a href="/status">{t.seeStatus}</a>;
    case 'see-model-status':
      return <a href="/status">{t.seeModelStatus}</a>;
    case 'tell-operator':
      return <>{t.tellOperator}</>;
    case 'be-operator':
      return <>{t.operator}</>;
    case 'for-programs':
      return <a href="/docs">{t.forPrograms}</a>;
  }
}

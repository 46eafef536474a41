/**
 * The evaluation of a model as one HTML document for people. It stands alone: no script, no network, no file beside it.
 * Computes no figure that the report does not hold.
 */
import { EvaluationReport } from '@app/contracts/learning';
import { FunctionComponent } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Calibration } from './calibration-plots';
import { Classes, Confusion } from './confusion';
import { Coverage, OutOfSet } from './decisions';
import { DeployedComparison } from './deployed-comparison';
import { Headline } from './headline';
import { Mistake, Mistakes } from './mistakes';
import { dayOf } from './number-texts';
import { PAGE_STYLE } from './page-style';
import { Model, Service, TestData } from './run-facts';

export interface EvaluationPageFacts {
  readonly report: EvaluationReport;
  /** The worst first. */
  readonly mistakes: readonly Mistake[];
}

interface SectionTexts {
  readonly id: string;
  readonly title: string;
  readonly howToRead: string;
  readonly Body: FunctionComponent<EvaluationPageFacts>;
}

const SECTIONS: readonly SectionTexts[] = [
  {
    id: 'comparison',
    title: 'Beside the deployed model',
    howToRead:
      'Only images that one model gets right and the other does not tell the two apart; the more uneven their split, the less it can be chance.',
    Body: DeployedComparison,
  },
  {
    id: 'confusion',
    title: 'What is taken for what',
    howToRead: 'The diagonal holds right answers; anything dark beside it is a class that is taken for another.',
    Body: Confusion,
  },
  {
    id: 'classes',
    title: 'Class by class',
    howToRead:
      'Recall is the share of a class that is found, precision the share of answers with this name that are right, F1 a mean of both.',
    Body: Classes,
  },
  {
    id: 'mistakes',
    title: 'The worst mistakes',
    howToRead:
      'These are the wrong answers with the highest scores; look for photos that show two things or lie in the wrong folder.',
    Body: Mistakes,
  },
  {
    id: 'calibration',
    title: 'Can scores be believed?',
    howToRead:
      'Each point is a group of images with similar scores: on the dashed line the score is the share that is right, below it the model is too sure of itself.',
    Body: Calibration,
  },
  {
    id: 'coverage',
    title: 'When it does not answer',
    howToRead: 'Further left fewer images are answered, the surest ones, and fewer of the answers should be wrong.',
    Body: Coverage,
  },
  {
    id: 'out-of-set',
    title: 'Images of nothing it knows',
    howToRead:
      'None of these should be named; AUROC says how well they are told from test images, from 0.5 (as by a coin) to 1 (always).',
    Body: OutOfSet,
  },
  {
    id: 'service',
    title: 'Speed and parity',
    howToRead:
      'Times are of one photo after another over HTTP on the machine that evaluated; parity says that the service gives what training computed.',
    Body: Service,
  },
  {
    id: 'data',
    title: 'Test images',
    howToRead: 'Two reports with the same hash were made on the same images in the same classes, and can be compared.',
    Body: TestData,
  },
  {
    id: 'model',
    title: 'Model',
    howToRead: 'Temperature and thresholds were chosen when the model was made; they decide which scores are answers.',
    Body: Model,
  },
];

/** `image` bytes of the mistakes become part of the document: small ones keep it small. */
export function evaluationPage(facts: EvaluationPageFacts): string {
  return `<!doctype html>${renderToString(<EvaluationPage {...facts} />)}`;
}

/** Forbids what the document does not need, should a name in it ever be more than text. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function EvaluationPage(facts: EvaluationPageFacts) {
  const { model, created } = facts.report;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={CONTENT_SECURITY_POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${model.name} - evaluation report`}</title>
        <style dangerouslySetInnerHTML={{ __html: PAGE_STYLE }} />
      </head>
      <body>
        <main>
          <Headline report={facts.report} />
          <nav aria-label="Sections">
            <ul>
              {SECTIONS.map(({ id, title }) => (
                <li key={id}>
                  <a href={`#${id}`}>{title}</a>
                </li>
              ))}
            </ul>
          </nav>
          {SECTIONS.map(({ id, title, howToRead, Body }) => (
            <section key={id} aria-labelledby={id}>
              <h2 id={id}>{title}</h2>
              <p class="hint">
                <strong>How to read this.</strong> {howToRead}
              </p>
              <Body {...facts} />
            </section>
          ))}
        </main>
        <footer>
          Evaluation of {model.name}, {dayOf(created)}. The same figures for programs are in evaluation.json.
        </footer>
      </body>
    </html>
  );
}

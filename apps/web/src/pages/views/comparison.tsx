import { ComponentChildren } from 'preact';
import { Texts } from '../texts';

export interface ComparisonRowProps {
  /** Name of the file, or which photo it is. */
  readonly name: string;
  /** Where on the page its answer is. */
  readonly href?: string;
  readonly answer: string;
  readonly certainty: string;
}

interface ComparisonProps {
  readonly texts: Texts;
  readonly headingLevel: 2 | 3;
  /** Unlike those of other tables on the page. */
  readonly headingId: string;
  /** Whether the browser can make a file of it. */
  readonly withDownload?: boolean;
  readonly isHidden?: boolean;
  readonly children?: ComponentChildren;
}

/** Several photos side by side: what each most likely is. */
export function Comparison({
  texts,
  headingLevel,
  headingId,
  withDownload = false,
  isHidden = false,
  children,
}: ComparisonProps) {
  const { comparison } = texts.uploadPage;
  const Heading = `h${headingLevel}` as const;
  return (
    <section class="comparison" data-part="comparison" aria-labelledby={headingId} hidden={isHidden}>
      <Heading id={headingId}>{comparison.heading}</Heading>
      <table aria-labelledby={headingId}>
        <thead>
          <tr>
            <th scope="col">{comparison.photo}</th>
            <th scope="col">{comparison.answer}</th>
            <th scope="col">{comparison.certainty}</th>
          </tr>
        </thead>
        <tbody data-part="rows">{children}</tbody>
      </table>
      {withDownload && (
        <p>
          <button type="button" class="link-button" data-action="csv" disabled>
            {comparison.csv}
          </button>
        </p>
      )}
    </section>
  );
}

export function ComparisonRow({ name, href = '', answer, certainty }: ComparisonRowProps) {
  return (
    <tr data-part="row">
      <th scope="row">
        <a href={href}>{name}</a>
      </th>
      <td data-part="answer">{answer}</td>
      <td data-part="certainty">{certainty}</td>
    </tr>
  );
}

// What every section of the page is built from. Knows no figures.
import { ComponentChildren } from 'preact';

/** What a person called something: shown as it is, whatever its script or direction. */
export function Name({ children }: { children: string }) {
  return <bdi class="name">{children}</bdi>;
}

/** A name and its value; what has no value is left out. */
export type Fact = readonly [string, ComponentChildren | undefined];

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

interface TableProps {
  readonly caption: string;
  /** The first one heads the rows; the others head numbers. */
  readonly columns: readonly string[];
  /** `pairs`: the second column holds names too. */
  readonly kind?: 'pairs';
  readonly children: ComponentChildren;
}

/** Rows are `<tr>`s that begin with a `<th scope="row">`. */
export function Table({ caption, columns, kind, children }: TableProps) {
  return (
    <table class={kind}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** What is long stays closed on a screen; on paper it is open. */
export function Details({ summary, children }: { summary: string; children: ComponentChildren }) {
  return (
    <details>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

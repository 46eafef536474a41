import { ComponentChildren } from 'preact';

// Small charts as SVG, drawn by the server with attributes alone: the content security policy allows no style in markup.
// Shapes are stretched to the width there is, so that texts stand beside them as HTML and keep their size.

const WIDTH = 600;
const HEIGHT = 120;

interface ChartProps {
  readonly id: string;
  readonly title: string;
  /** What opens the table. */
  readonly summary: string;
  /** The same figures as rows. */
  readonly table: Table;
  readonly children: ComponentChildren;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A picture with its title, and its figures as a table to open. */
export function Chart({ id, title, summary, table, children }: ChartProps) {
  return (
    <figure class="chart card" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      {children}
      <details id={`${id}-table`}>
        <summary>{summary}</summary>
        <FigureTable {...table} labelledBy={id} />
      </details>
    </figure>
  );
}

/** Rows of figures that scroll by themselves where they are too wide. */
export function FigureTable({ columns, rows, labelledBy }: Table & { labelledBy: string }) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-labelledby={labelledBy}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others], row) => (
            <tr key={row}>
              <th scope="row">{first}</th>
              {others.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The frame of a picture: its largest value above, where it begins and ends below. */
function Plot({ alt, most, from, until, children }: PlotProps & { children: ComponentChildren }) {
  return (
    <div class="plot">
      <p class="scale">{most}</p>
      <svg role="img" aria-label={alt} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" height={HEIGHT}>
        <path class="grid" d={`M0 .5H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        {children}
      </svg>
      <p class="scale ends">
        <span>{from}</span>
        <span>{until}</span>
      </p>
    </div>
  );
}

interface PlotProps {
  /** What the picture says, for who does not see it. */
  readonly alt: string;
  readonly most: string;
  readonly from: string;
  readonly until: string;
}

export interface Stack {
  /** Names the colour in the style sheet. */
  readonly kind: string;
  readonly value: number;
}

/** A column for each entry, its parts one upon the other. */
export function Columns({
  columns,
  scale,
  ...plot
}: PlotProps & { columns: readonly (readonly Stack[])[]; scale: number }) {
  const step = WIDTH / Math.max(1, columns.length);
  const gap = Math.min(step * 0.2, 4);
  return (
    <Plot {...plot}>
      {columns.map((stack, index) => {
        let top = HEIGHT;
        return stack.map(({ kind, value }) => {
          const height = scale === 0 ? 0 : (value / scale) * HEIGHT;
          top -= height;
          return (
            height > 0 && (
              <rect
                key={`${index} ${kind}`}
                class={`part-${kind}`}
                x={short(index * step + gap / 2)}
                y={short(top)}
                width={short(step - gap)}
                height={short(height)}
              />
            )
          );
        });
      })}
    </Plot>
  );
}

/** A line through the values; where one is missing it is interrupted, and a value between two that are missing is a dot. */
export function Line({
  values,
  scale,
  ...plot
}: PlotProps & { values: readonly (number | undefined)[]; scale: number }) {
  const step = WIDTH / Math.max(1, values.length);
  let line = '';
  let dots = '';
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue;
    const point = `${short((index + 0.5) * step)} ${short(HEIGHT - (scale === 0 ? 0 : value / scale) * HEIGHT)}`;
    const isFirst = values[index - 1] === undefined;
    if (isFirst && values[index + 1] === undefined)
      dots += `M${point}h0`; // a line without length, which round ends make a dot
    else line += `${isFirst ? 'M' : 'L'}${point}`;
  }
  return (
    <Plot {...plot}>
      <path class="line" d={line} vector-effect="non-scaling-stroke" />
      <path class="line dots" d={dots} vector-effect="non-scaling-stroke" />
    </Plot>
  );
}

/** One bar of the whole width, shared out. */
export function ShareBar({ alt, parts }: { alt: string; parts: readonly Stack[] }) {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  let begin = 0;
  return (
    <svg class="share-bar" role="img" aria-label={alt} width="100%" height="28">
      {parts.map(({ kind, value }) => {
        const share = total === 0 ? 0 : (value / total) * 100;
        const x = begin;
        begin += share;
        return (
          share > 0 && (
            <rect key={kind} class={`part-${kind}`} x={`${short(x)}%`} width={`${short(share)}%`} height="28" />
          )
        );
      })}
    </svg>
  );
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

// Axes for small plots of shares. Sizes are in units of the view box; the style sheet knows the colours.
import { ComponentChildren } from 'preact';
import { percent } from './number-texts';

export interface PlotFrame {
  readonly x: (share: number) => number;
  readonly y: (share: number) => number;
}

interface PlotProps {
  /** Unique in the document. */
  readonly id: string;
  readonly title: string;
  /** What the plot shows, for those who do not see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xDomain: Domain;
  readonly yDomain: Domain;
  readonly children: (frame: PlotFrame) => ComponentChildren;
}

export type Domain = readonly [low: number, high: number];

const WIDTH = 320;
const HEIGHT = 260;
const LEFT = 52;
const RIGHT = WIDTH - 18;
const TOP = 10;
const BOTTOM = HEIGHT - 42;

export function Plot({ id, title, description, xLabel, yLabel, xDomain, yDomain, children }: PlotProps) {
  const x = linearScale(xDomain, [LEFT, RIGHT]);
  const y = linearScale(yDomain, [BOTTOM, TOP]);
  return (
    <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={`${id}-title ${id}-description`}>
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-description`}>{description}</desc>
      {ticksOf(yDomain).map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={RIGHT} y1={coordinate(y(tick))} y2={coordinate(y(tick))} />
          <text x={LEFT - 6} y={coordinate(y(tick) + 4)} text-anchor="end">
            {tickText(tick)}
          </text>
        </g>
      ))}
      {ticksOf(xDomain).map((tick) => (
        <text key={tick} x={coordinate(x(tick))} y={BOTTOM + 16} text-anchor="middle">
          {tickText(tick)}
        </text>
      ))}
      <line class="axis" x1={LEFT} x2={RIGHT} y1={BOTTOM} y2={BOTTOM} />
      <text class="axis-label" x={(LEFT + RIGHT) / 2} y={HEIGHT - 6} text-anchor="middle">
        {xLabel}
      </text>
      <text class="axis-label" transform={`translate(12 ${(TOP + BOTTOM) / 2}) rotate(-90)`} text-anchor="middle">
        {yLabel}
      </text>
      {children({ x, y })}
    </svg>
  );
}

export function linearScale([low, high]: Domain, [start, end]: Domain): (value: number) => number {
  return (value) => start + ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (end - start);
}

/** As many decimals as a screen can show. */
export function coordinate(value: number): number {
  return Math.round(value * 10) / 10;
}

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25];

/** The smallest round step that parts the domain into at most five. */
function stepOf([low, high]: Domain): number {
  return STEPS.find((step) => (high - low) / step <= 5.001) ?? 0.25;
}

export function ticksOf(domain: Domain): number[] {
  const [low, high] = domain;
  const step = stepOf(domain);
  const first = Math.ceil(low / step - 1e-6);
  const last = Math.floor(high / step + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The least round share that is not below any of these. */
export function roundedUp(share: number): number {
  const step = stepOf([0, share]);
  return Math.min(1, Math.ceil(share / step - 1e-6) * step);
}

function tickText(tick: number): string {
  return percent(tick).replace('.0', '');
}

// The look of the page: the family of the web pages, in one small sheet. No colour is named outside the palette.
import { PALETTES } from './palette';

function tokens(theme: keyof typeof PALETTES): string {
  return Object.entries(PALETTES[theme])
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  ${tokens('light')}
  --font: -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
  --radius: 0.75rem;
}
@media screen and (prefers-color-scheme: dark) {
  :root { ${tokens('dark')} }
}
@media (forced-colors: active) {
  :root { --surface: Canvas; --ink: CanvasText; --line: GrayText; --accent: Highlight; --warn: CanvasText; --glow: GrayText; }
}

*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.55 var(--font);
  overflow-wrap: anywhere;
}
main { max-width: 54rem; margin-inline: auto; padding: clamp(1.5rem, 5vw, 3.5rem) 1rem 0; }
footer {
  width: calc(100% - 2rem);
  max-width: 52rem;
  margin: 3rem auto 0;
  padding: 1.25rem 0 2.5rem;
  border-top: 1px solid var(--line);
  color: var(--muted);
  font-size: 0.875rem;
}
h1, h2, h3 { margin: 0; line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
h1 { font-size: clamp(1.75rem, 1.35rem + 2vw, 2.6rem); letter-spacing: -0.025em; }
h2 { margin-bottom: 0.5rem; font-size: 1.375rem; scroll-margin-top: 1rem; }
h3 { margin-bottom: 0.5rem; font-size: 1rem; }
p { margin: 0 0 1rem; max-width: 42rem; text-wrap: pretty; }
main > section { margin-top: 3rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
code, .path { font-family: var(--mono); font-size: 0.8125rem; }
figure { margin: 0; }
figcaption, caption, .caption, .aside { color: var(--muted); font-size: 0.875rem; font-weight: 400; }
.kicker {
  margin: 0 0 0.5rem;
  color: var(--accent);
  font-size: 0.8125rem;
  font-weight: 650;
  letter-spacing: 0.06em;
  text-transform: uppercase;
}
.lead { margin: 0.75rem 0 1.25rem; color: var(--muted); font-size: 1.125rem; }
.hint { margin-bottom: 1.25rem; color: var(--muted); font-size: 0.9375rem; }
.hint strong { font-weight: 600; }
.bad { color: var(--error); }
.visually-hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.verdicts { display: grid; gap: 0.5rem; margin: 0 0 1.25rem; padding: 0; list-style: none; }
.verdict {
  --tone: var(--muted);
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  gap: 0.75rem;
  padding: 0.75rem 1rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--surface);
}
.verdict p { margin: 0; max-width: none; }
.verdict svg { margin-top: 0.1rem; fill: none; stroke: var(--tone); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.verdict.good { --tone: var(--accent); }
.verdict.caution { --tone: var(--warn); border-color: var(--warn); background: var(--warn-soft); }
.verdict.bad { --tone: var(--error); border-color: var(--error); background: var(--error-soft); color: var(--ink); }

.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.75rem; margin: 0; }
@media (min-width: 40rem) { .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
.card { padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
.figures dt { color: var(--muted); font-size: 0.875rem; }
.figures dd { margin: 0; color: var(--muted); font-size: 0.8125rem; line-height: 1.4; }
.figures .figure { color: var(--ink); font-size: 1.5rem; font-weight: 650; letter-spacing: -0.02em; }

nav { margin-top: 1.75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; list-style: none; font-size: 0.9375rem; }
nav a { display: inline-block; padding: 0.2rem 0; }

.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1.5rem 2rem; }
.pair + table, table + table, table + details, .pair + details, .scroll + table, .heat-grid + table { margin-top: 1.5rem; }

.pair > table { margin-top: 0; }
table { width: 100%; max-width: 42rem; border-collapse: collapse; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
caption { padding-bottom: 0.5rem; text-align: start; }
.caption { margin-bottom: 0.5rem; }
th, td { padding: 0.4rem 0.5rem; border-bottom: 1px solid var(--line); text-align: end; vertical-align: baseline; }
th:first-child { padding-inline-start: 0; text-align: start; }
thead th { color: var(--muted); font-size: 0.8125rem; font-weight: 600; vertical-align: bottom; overflow-wrap: normal; }
thead .name, tbody .name { overflow-wrap: anywhere; }
tbody th { font-weight: 500; }
td { white-space: nowrap; }
td.text { white-space: normal; }
.pairs th:nth-child(2), td.text { text-align: start; }

.scroll { position: relative; overflow-x: auto; }
.matrix { table-layout: fixed; border-collapse: separate; border-spacing: 2px; }
.matrix th, .matrix td { border: 0; }
.matrix thead th { text-align: center; overflow-wrap: anywhere; }
.matrix th:first-child { width: 26%; text-align: start; }
.matrix td {
  min-width: 2rem;
  border-radius: 0.25rem;
  background: color-mix(in srgb, var(--hot) var(--heat), var(--surface));
  text-align: center;
  print-color-adjust: exact;
  -webkit-print-color-adjust: exact;
}
.matrix .right { --hot: var(--accent); font-weight: 650; }
.matrix .wrong { --hot: var(--warn); }
.matrix .none { color: var(--muted); font-weight: 400; }
.numbered { table-layout: auto; max-width: none; font-size: 0.8125rem; }
.numbered th, .numbered td { padding: 0.3rem 0.2rem; }
.numbered th:first-child { position: sticky; inset-inline-start: 0; min-width: 7rem; background: var(--ground); }

.heat-grid { max-width: 34rem; }
.heat-grid svg { display: block; width: 100%; height: auto; margin-bottom: 0.5rem; }
.heat-grid rect { fill: var(--surface); stroke: var(--line); }
.heat-grid path { stroke-width: 1; }
.heat-grid .right { stroke: var(--accent); }
.heat-grid .wrong { stroke: var(--warn); }

.plot { display: block; width: 100%; max-width: 27rem; height: auto; }
.plot text { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
.plot .axis-label { fill: var(--ink); }
.grid { stroke: var(--line); }
.axis { stroke: var(--field); }
.ideal { stroke: var(--field); stroke-dasharray: 4 4; }
.gap { stroke: var(--warn); stroke-width: 2; }
.bin { fill: var(--accent); stroke: var(--ground); stroke-width: 1.5; }
.curve { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; }
.guide { fill: none; stroke: var(--field); stroke-dasharray: 3 4; }
.operating-point { fill: var(--ink); stroke: var(--ground); stroke-width: 1.5; }
.key { vertical-align: -0.15em; }

.decision-bar { display: block; width: 100%; height: 0.75rem; margin-top: 0.35rem; overflow: visible; }
.decision-bar rect { stroke: var(--field); stroke-width: 1; vector-effect: non-scaling-stroke; }
.decision-bar .label { fill: var(--accent); stroke: var(--accent); }
.decision-bar .uncertain { fill: var(--glow); stroke: var(--field); }
.decision-bar .unknown { fill: var(--surface); }
.decision-bar.swatch { display: inline-block; width: 0.875rem; height: 0.875rem; margin: 0; vertical-align: -0.1em; }
.decisions { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; margin: 0.75rem 0 1rem; }
.decisions dt { color: var(--muted); font-size: 0.875rem; }
.decisions dd { margin: 0; font-size: 1.25rem; font-weight: 650; }
.bars { display: grid; gap: 0.6rem; max-width: 42rem; margin: 0; padding: 0; list-style: none; }
.bars .decision-bar { margin-top: 0.15rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.75rem 0 1.25rem; padding: 0; color: var(--muted); font-size: 0.875rem; list-style: none; }

.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 1.25rem 1rem; margin: 0; padding: 0; list-style: none; }
.mistakes img {
  display: block;
  width: 100%;
  aspect-ratio: 1;
  border-radius: var(--radius);
  background: var(--line);
  object-fit: cover;
}
.mistakes p { margin: 0.5rem 0 0; font-size: 0.9375rem; line-height: 1.4; }
.mistakes .path { margin-top: 0.15rem; color: var(--muted); font-size: 0.75rem; }

.facts { margin: 0; }
.facts > div { display: grid; grid-template-columns: minmax(7rem, 2fr) 3fr; gap: 0 1rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; }
.labels { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; list-style: none; }
details { margin-top: 1rem; }
details > * + * { margin-top: 1rem; }
summary { width: fit-content; padding: 0.2rem 0; color: var(--accent); font-size: 0.9375rem; cursor: pointer; }

@media (max-width: 30rem) {
  table { font-size: 0.8125rem; }
  thead th { font-size: 0.75rem; letter-spacing: -0.01em; }
  th, td { padding-inline: 0.2rem; }
}

@media print {
  @page { size: A4; margin: 15mm 14mm; }
  html { font-size: 10pt; }
  body { background: none; }
  main, footer { width: auto; max-width: none; padding-inline: 0; }
  main { padding-top: 0; }
  main > section { margin-top: 1.5rem; padding-top: 1rem; }
  nav { display: none; }
  h2, h3, .hint, caption { break-after: avoid; }
  p { orphans: 3; widows: 3; }
  p:has(+ .mistakes) { break-after: avoid; }
  .hint, figure, tr, li, .bars, .facts, .matrix, table:not(:has(tr:nth-child(12))) { break-inside: avoid; }
  summary { display: none; }
  ::details-content { content-visibility: visible; }
  .mistakes { grid-template-columns: repeat(6, 1fr); gap: 0.75rem; }
  .scroll { overflow: visible; }
  .heat-grid { max-width: 13cm; }
  .plot { max-width: 8.5cm; }
}
`;

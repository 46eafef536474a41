import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '@app/platform/product';

// The contrasts that WCAG 2.2 asks for, computed from the tokens themselves: 4.5 for text (1.4.3), 3 for what a control or a
// picture is known by (1.4.11). Who changes a colour learns here what it does to whom.

const css = readFileSync(join(PRODUCT_ROOT, 'apps', 'web', 'src', 'browser', 'tokens.css'), 'utf8');
const [lightPart = '', darkPart = ''] = css.split('@media screen and (prefers-color-scheme: dark)');

type Tokens = ReadonlyMap<string, string>;

function tokensIn(part: string): [string, string][] {
  return [...part.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]);
}

const light: Tokens = new Map(tokensIn(lightPart));
const dark: Tokens = new Map([...light, ...tokensIn(darkPart)]);

/** Relative luminance (WCAG 2.2) of a token that is `#rrggbb`, or that stands for another token. */
function luminance(tokens: Tokens, name: string): number {
  const value = tokens.get(name);
  const [, other] = /^var\(--([\w-]+)\)$/.exec(value ?? '') ?? [];
  if (other !== undefined) return luminance(tokens, other);
  const [, red = '', green = '', blue = ''] = /^#(..)(..)(..)$/.exec(value ?? '') ?? [];
  const [r = NaN, g = NaN, b = NaN] = [red, green, blue].map((channel) => {
    const share = parseInt(channel, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(tokens: Tokens, one: string, other: string): number {
  const [dim = NaN, bright = NaN] = [luminance(tokens, one), luminance(tokens, other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

/** What is read, and on what. */
const TEXTS: readonly (readonly [text: string, grounds: readonly string[]])[] = [
  ['ink', ['ground', 'surface', 'accent-soft', 'warn-soft', 'error-soft']],
  ['muted', ['ground', 'surface']],
  ['accent', ['ground', 'surface', 'accent-soft']],
  ['accent-strong', ['ground', 'surface', 'accent-soft']],
  ['warn', ['ground', 'surface', 'warn-soft']],
  ['error', ['ground', 'surface', 'error-soft']],
  ['on-accent', ['accent', 'accent-strong']],
  ['surface', ['error']],
];

/** Borders of fields, focus rings, and what charts are drawn in. */
const SHAPES: readonly (readonly [shape: string, grounds: readonly string[]])[] = [
  ['field', ['ground', 'surface']],
  ['accent', ['ground', 'surface', 'accent-soft']],
  ['neutral', ['ground', 'surface']],
  ['unsure', ['ground', 'surface']],
  ['warn', ['ground', 'surface']],
  ['error', ['ground', 'surface']],
];

const pairs = (of: typeof TEXTS) => of.flatMap(([front, grounds]) => grounds.map((ground) => [front, ground] as const));

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the colours, %s', (_, tokens) => {
  it.each(pairs(TEXTS))('%s on %s can be read', (text, ground) => {
    expect(contrast(tokens, text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairs(SHAPES))('%s on %s can be seen', (shape, ground) => {
    expect(contrast(tokens, shape, ground)).toBeGreaterThanOrEqual(3);
  });
});

describe('the measure itself', () => {
  const tokens: Tokens = new Map([
    ['black', '#000000'],
    ['white', '#ffffff'],
    ['grey', '#767676'],
    ['same', 'var(--grey)'],
  ]);

  it('is that of WCAG', () => {
    expect(contrast(tokens, 'black', 'white')).toBeCloseTo(21, 6);
    expect(contrast(tokens, 'white', 'same')).toBeCloseTo(4.54, 2);
    expect(contrast(tokens, 'missing', 'white')).toBeNaN();
  });
});

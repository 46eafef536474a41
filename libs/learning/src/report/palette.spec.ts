import { MOST_HEAT, PALETTES } from './palette';

type Rgb = readonly [number, number, number];

function rgb(colour: string): Rgb {
  const channel = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

/** As `color-mix(in srgb, ...)` does. */
function mix(over: Rgb, under: Rgb, share: number): Rgb {
  const channel = (at: 0 | 1 | 2) => over[at] * share + under[at] * (1 - share);
  return [channel(0), channel(1), channel(2)];
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: Rgb, other: Rgb): number {
  const luminance = (colour: Rgb) => {
    const [red, green, blue] = colour.map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe.each(Object.entries(PALETTES))('the %s palette', (_, palette) => {
  it.each([
    ['ink', 'ground'],
    ['ink', 'surface'],
    ['ink', 'warn-soft'],
    ['ink', 'error-soft'],
    ['muted', 'ground'],
    ['muted', 'surface'],
    ['accent', 'ground'],
    ['error', 'ground'],
  ] as const)('lets %s be read on %s (4.5:1)', (text, ground) => {
    expect(contrast(rgb(palette[text]), rgb(palette[ground]))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['accent', 'ground'],
    ['accent', 'surface'],
    ['warn', 'ground'],
    ['warn', 'warn-soft'],
    ['error', 'error-soft'],
    ['field', 'ground'],
    ['field', 'surface'],
  ] as const)('lets shapes in %s be seen on %s (3:1)', (shape, ground) => {
    expect(contrast(rgb(palette[shape]), rgb(palette[ground]))).toBeGreaterThanOrEqual(3);
  });

  it.each(['accent', 'warn'] as const)('lets the number in the hottest cell of %s be read', (hot) => {
    const cell = mix(rgb(palette[hot]), rgb(palette.surface), MOST_HEAT);
    expect(contrast(rgb(palette.ink), cell)).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps the parts of a stacked bar apart in grey too', () => {
    const { accent, glow, surface } = palette;
    expect(contrast(rgb(accent), rgb(glow))).toBeGreaterThanOrEqual(1.3);
    expect(contrast(rgb(glow), rgb(surface))).toBeGreaterThanOrEqual(1.3);
  });
});

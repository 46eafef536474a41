/** The colours of the web pages; all that the style sheet may name. What is read on what is asserted in the spec. */
export const PALETTES = {
  light: {
    ground: '#faf9f6',
    surface: '#ffffff',
    ink: '#1d1c1a',
    muted: '#625e57',
    line: '#e3dfd7',
    field: '#8a857c',
    accent: '#0b6e5f',
    'accent-soft': '#e3f1ed',
    warn: '#8a5300',
    'warn-soft': '#fbeed6',
    glow: '#d99a2b',
    error: '#ab2a1d',
    'error-soft': '#fcebe8',
  },
  dark: {
    ground: '#131413',
    surface: '#1c1e1d',
    ink: '#efede8',
    muted: '#a8a59e',
    line: '#323532',
    field: '#7d7a73',
    accent: '#63cdb8',
    'accent-soft': '#173029',
    warn: '#f0bd6a',
    'warn-soft': '#33270f',
    glow: '#c98f2c',
    error: '#ff9d90',
    'error-soft': '#3a1b17',
  },
} as const;

/** How much of its colour the hottest cell of the confusion matrix takes: the number in it stays readable. */
export const MOST_HEAT = 0.45;

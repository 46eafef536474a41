// Text in columns. Pure.

export interface Column {
  readonly title: string;
  /** Numbers stand under each other by their ends. */
  readonly align?: 'left' | 'right';
}

/** Aligned lines with a line of titles, without blanks at their ends. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return aligned(
    [columns.map(({ title }) => title), ...rows],
    columns.map(({ align }) => align ?? 'left'),
  );
}

/** Names and what they stand for, in two columns; those without a value are left out. */
export function facts(entries: readonly (readonly [name: string, value: string | undefined])[]): string[] {
  return aligned(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function aligned(rows: readonly (readonly string[])[], align: readonly ('left' | 'right')[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, width(cell))));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const blanks = ' '.repeat((widths[i] ?? 0) - width(cell));
        return align[i] === 'right' ? blanks + cell : cell + blanks;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Columns that a text takes in a terminal: names of classes may be Korean, whose letters take two (Unicode's East Asian Width). */
export function width(text: string): number {
  let columns = 0;
  for (const character of text.normalize('NFC')) {
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  }
  return columns;
}

/** So much of a text as fits into a number of columns. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (width(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

// Tables as CSV (RFC 4180), so that spreadsheets open them without asking.

/** Spreadsheets take a cell that begins so for a formula. */
const LOOKS_LIKE_FORMULA = /^[=+\-@\t\r]/;

/** Lines with CRLF, behind the mark by which Excel knows UTF-8. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

function cell(text: string): string {
  const safe = LOOKS_LIKE_FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

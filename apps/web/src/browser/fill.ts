// Filling texts that the server has written.

/** Puts values in the place of `{name}`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** 1 KB is 1,000 bytes, as everywhere in the product. */
export function fileSize(bytes: number, language: string): string {
  const [value, unit] =
    bytes >= 1e6 ? [bytes / 1e6, 'MB'] : [Math.max(bytes > 0 ? 1 : 0, Math.round(bytes / 1e3)), 'KB'];
  return `${value.toLocaleString(language, { maximumFractionDigits: 1 })}\u00a0${unit}`;
}

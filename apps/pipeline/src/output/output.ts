/** Where a command writes: results to stdout, what else there is to say to stderr. Knows nothing of what is written. */

export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Output {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly isColoured: boolean;
}

export function writeLines(stream: TextStream, lines: readonly string[]): void {
  stream.write(lines.map((line) => `${line}\n`).join(''));
}

/** With `--json` the one JSON document for programs, else the lines for people. */
export function writeResult(
  { stdout }: Output,
  json: boolean | undefined,
  document: object,
  lines: () => readonly string[],
): void {
  if (json === true) stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else writeLines(stdout, lines());
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

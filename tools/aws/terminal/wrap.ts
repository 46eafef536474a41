// Lines that are too long for a terminal, broken between words. Pure.
import { width } from '../../../apps/pipeline/src/output/table';

/** A line, or several of which the later ones are indented; what has no blank within is left in one piece. */
export function wrap(line: string, columns: number, indent: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const part of line.split(/(?<=\S)(?= )/)) {
    if (current.trim() !== '' && width(current + part) > columns) {
      lines.push(current);
      current = ' '.repeat(indent) + part.trimStart();
    } else {
      current += part;
    }
  }
  return [...lines, current];
}

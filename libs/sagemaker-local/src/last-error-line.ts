/** Finds, in what a Node program writes, the one sentence that says best why it ended. */

/** What Node prints around an uncaught error, beside the indented lines of source and stack. */
const AROUND_AN_ERROR = /^($|\^|[{}]|-----|<--- |Node\.js v\d|Emitted 'error' event|node:|\(node:|\(?Use `node )/;

export interface ErrorLineFinder {
  see(line: string, stream: 'stdout' | 'stderr'): void;
  readonly text: string | undefined;
}

/**
 * JSON log lines count with level error and above, on either stream; other lines only on stderr. Indented lines belong
 * to a sentence that ends with a colon, and otherwise to a stack trace.
 */
export function lastErrorLine(): ErrorLineFinder {
  let text: string | undefined;
  return {
    see(line, stream) {
      if (line.startsWith('{')) text = errorMessage(line) ?? text;
      else if (stream === 'stdout' || AROUND_AN_ERROR.test(line)) return;
      else if (!/^\s/.test(line)) text = line.trimEnd();
      else if (text !== undefined && isList(text) && !/^\s+at /.test(line)) text = `${text} ${line.trim()};`;
    },
    get text() {
      return text?.replace(/;$/, '');
    },
  };
}

/** `The configuration is wrong:`, and what was appended to it. */
function isList(text: string): boolean {
  return text.endsWith(':') || text.endsWith(';');
}

/** The message of a JSON log line of level error or above (pino writes levels as numbers or names). */
function errorMessage(line: string): string | undefined {
  if (!/"level":\s*("error"|"fatal"|[56]0\b)/.test(line)) return undefined;
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record !== 'object' || record === null || !('msg' in record)) return undefined;
    return typeof record.msg === 'string' && record.msg !== '' ? record.msg : undefined;
  } catch {
    return undefined;
  }
}

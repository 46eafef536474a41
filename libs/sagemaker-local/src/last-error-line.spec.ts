import { lastErrorLine } from './last-error-line';

function find(lines: string, stream: 'stdout' | 'stderr' = 'stderr'): string | undefined {
  const finder = lastErrorLine();
  for (const line of lines.split('\n')) finder.see(line, stream);
  return finder.text;
}

describe('the last error line', () => {
  it('is the message of an uncaught error, not what Node prints around it', () => {
    expect(
      find(`node:events:497
      throw er; // Unhandled 'error' event
      ^

Error: listen EADDRINUSE: address already in use :::8000
    at Server.setupListenHandle [as _listen2] (node:net:1817:16)
Emitted 'error' event on Server instance at:
    at emitErrorNT (node:net:1796:8)
    at process.processTicksAndRejections (node:internal/process/task_queues:90:21) {
  code: 'EADDRINUSE',
  errno: -98
}

Node.js v20.20.2`),
    ).toBe('Error: listen EADDRINUSE: address already in use :::8000');
  });

  it('is what V8 says when the memory is not enough', () => {
    expect(
      find(`<--- Last few GCs --->

[1:0x1]      900 ms: Mark-Compact
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----

 1: 0xb8ced1 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]`),
    ).toBe('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory');
  });

  it('takes a list of faults with its heading', () => {
    expect(find('The configuration is wrong:\n  WEB_PORT must be a number\n  WEB_HOST must be a string')).toBe(
      'The configuration is wrong: WEB_PORT must be a number; WEB_HOST must be a string',
    );
  });

  it('is the message of the last JSON line of level error or above, on either stream', () => {
    expect(find('{"level":"error","msg":"first"}\n{"level":"info","msg":"later"}', 'stdout')).toBe('first');
    expect(find('{"level":60,"msg":"fatal by number"}', 'stdout')).toBe('fatal by number');
  });

  it('is nothing when nothing went wrong', () => {
    expect(find('listening on port 8000', 'stdout')).toBeUndefined();
    expect(find('(node:12) Warning: something is old\n\n{"level":"error" broken')).toBeUndefined();
  });
});

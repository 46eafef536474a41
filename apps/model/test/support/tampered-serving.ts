// Loaded into every process of an evaluation by NODE_OPTIONS; changes only the one that serves. TAMPER says how: `channels` shows
// blue as red, as a decoder of its own might; `die` ends the process at the first image, `hang` never answers it. Its id goes into the file TAMPER_PID_FILE.
import { writeFileSync } from 'node:fs';
import { Server } from 'node:http';
import { isMainThread, Worker } from 'node:worker_threads';

// eslint-disable-next-line no-restricted-properties -- stands in for a program of its own
const { TAMPER, TAMPER_PID_FILE } = process.env;

if (isMainThread && process.argv.includes('serve')) {
  if (TAMPER_PID_FILE !== undefined) writeFileSync(TAMPER_PID_FILE, String(process.pid));
  if (TAMPER === 'channels') swapChannels();
  if (TAMPER === 'die') onImage(() => process.exit(9));
  if (TAMPER === 'hang') onImage(() => undefined);
}

/** On the way to the worker threads. */
function swapChannels(): void {
  const post = Reflect.get(Worker.prototype, 'postMessage') as (...args: unknown[]) => void;
  Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
    const [message] = args as [{ feeds?: { image?: { data: Uint8Array } } }];
    message.feeds?.image?.data.reverse(); // the pixels backwards, each as blue, green, red
    post.apply(this, args);
  };
}

function onImage(react: () => void): void {
  const emit = Reflect.get(Server.prototype, 'emit') as (...args: unknown[]) => boolean;
  Server.prototype.emit = function (this: Server, ...args: unknown[]) {
    const [event, request] = args as [string, { method?: string }];
    if (event !== 'request' || request.method !== 'POST') return emit.apply(this, args);
    react();
    return true;
  };
}

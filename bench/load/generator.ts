// The program that makes load: see load.ts.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveOrders, tell } from '../helper-process';
import { HttpConnection, Reply } from './http-connection';
import { LoadOrder, LoadResult, LoadTarget } from './load';

/** An open load that the service cannot take must not exhaust the ports of the machine. */
const MAX_CONNECTIONS = 2000;

/** For answers to what was sent within the window of an open load. */
const LATE_ANSWERS_MS = 10_000;

const BOUNDARY = 'bench-9f86d081884c7d65';

class Tally {
  readonly statuses: Record<number, number> = {};
  readonly latenciesMs: number[] = [];
  readonly serverTimings: string[] = [];
  withRetryAfter = 0;
  private from = Infinity;
  private to = Infinity;

  openWindow(): void {
    this.from = performance.now();
  }

  /** Gives its length. */
  closeWindow(): number {
    this.to = performance.now();
    return this.to - this.from;
  }

  /** A throughput counts replies in the window; a latency belongs to a request that was due in the window. */
  count({ status, head }: Reply, dueAt: number): void {
    const now = performance.now();
    if (now >= this.from && now < this.to) {
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
      if ((status === 503 || status === 429) && /\r\nretry-after:/i.test(head)) this.withRetryAfter += 1;
    }
    if (status !== 200 || dueAt < this.from || dueAt >= this.to) return;
    this.latenciesMs.push(now - dueAt);
    const [, timing] = /\r\nserver-timing: *([^\r]*)/i.exec(head) ?? [];
    if (timing !== undefined) this.serverTimings.push(timing);
  }
}

async function work({ target, load, warmUpMs, windowMs }: LoadOrder): Promise<void> {
  const requests = requestsOf(target);
  const { hostname, port } = new URL(target.origin);
  const connectNew = () => new HttpConnection(hostname, Number(port));
  const tally = new Tally();
  const running = new Set<Promise<void>>();
  const connections = new Set<HttpConnection>();
  const idle: HttpConnection[] = [];
  let next = 0;
  let stopped = false;

  const connection = () => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      if (kept.isUsable) return kept;
      connections.delete(kept);
    }
    const fresh = connectNew();
    connections.add(fresh);
    return fresh;
  };
  const request = async (dueAt: number): Promise<void> => {
    const taken = connection();
    tally.count(await taken.send(requests[next++ % requests.length] ?? Buffer.alloc(0)), dueAt);
    idle.push(taken);
  };
  const client = async (): Promise<void> => {
    while (!stopped) await request(performance.now());
  };
  const arrivals = async (requestsPerSecond: number): Promise<void> => {
    let dueAt = performance.now();
    while (!stopped) {
      for (; dueAt <= performance.now(); dueAt += 1000 / requestsPerSecond) {
        if (running.size >= MAX_CONNECTIONS) tally.count({ status: 0, head: '' }, dueAt);
        else track(request(dueAt));
      }
      await sleep(1);
    }
  };
  const track = (one: Promise<void>): void => {
    running.add(one);
    void one.then(() => running.delete(one));
  };

  if (load.kind === 'closed') {
    for (let index = 0; index < load.clients; index++) track(client());
  } else {
    track(arrivals(load.requestsPerSecond));
  }

  await sleep(warmUpMs);
  tell({ kind: 'begin' });
  const cpuBefore = process.cpuUsage();
  tally.openWindow();
  await sleep(windowMs);
  const seenMs = tally.closeWindow();
  tell({ kind: 'close' });
  const cpu = process.cpuUsage(cpuBefore);
  stopped = true;
  await Promise.race([Promise.all(running), sleep(LATE_ANSWERS_MS)]);
  for (const open of connections) open.close();

  const { statuses, latenciesMs, serverTimings, withRetryAfter } = tally;
  const result: LoadResult = {
    kind: 'end',
    windowMs: seenMs,
    statuses,
    latenciesMs,
    serverTimings,
    withRetryAfter,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
  tell(result);
}

const made = new Map<string, readonly Buffer[]>();

/** Whole HTTP requests, one for each file. */
function requestsOf(target: LoadTarget): readonly Buffer[] {
  const key = JSON.stringify(target);
  const requests = made.get(key) ?? target.files.map((file) => requestOf(target, readFileSync(file)));
  made.set(key, requests);
  return requests;
}

function requestOf({ origin, path, field }: LoadTarget, image: Buffer): Buffer {
  const body =
    field === undefined
      ? image
      : Buffer.concat([
          Buffer.from(
            `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
          ),
          image,
          Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
        ]);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    `Content-Type: ${field === undefined ? 'image/jpeg' : `multipart/form-data; boundary=${BOUNDARY}`}`,
    `Content-Length: ${body.length}`,
    'Accept: application/json',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

serveOrders(work);

/** Which TCP ports are free. Asks by listening and by connecting, for neither alone is certain on every system. */
import { connect, createServer } from 'node:net';

/** How far from a default port to look for a free one. */
const ATTEMPTS = 100;

export class NoFreePortError extends Error {}

/** The first free port from `preferred` on that is not in `reserved`. Throws `NoFreePortError`. */
export async function nextFreePort(preferred: number, host: string, reserved: ReadonlySet<number>): Promise<number> {
  for (let port = preferred; port < preferred + ATTEMPTS; port += 1) {
    if (!reserved.has(port) && (await isPortFree(port, host))) return port;
  }
  throw new NoFreePortError(`no port is free between ${preferred} and ${preferred + ATTEMPTS - 1}`);
}

/** Throws when the address is none of this machine's, or the port needs more rights. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  if (!(await canListen(port, host))) return false;
  // macOS lets one listen on 127.0.0.1 beside a server on all addresses; the browser would reach either.
  const answers = await Promise.all(['127.0.0.1', '::1'].map((address) => canConnect(port, address)));
  return !answers.includes(true);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

function canConnect(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ port, host });
    probe.once('error', () => resolve(false));
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
  });
}

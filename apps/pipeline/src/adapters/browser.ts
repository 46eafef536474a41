/** The browser of whoever sits at this machine. */
import { spawn } from 'node:child_process';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Where there is none, nothing happens: the path of the file was written already. */
export function openInBrowser(file: string): void {
  const [command, ...parameters] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...parameters, file], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

// What no reply may hold: stacks, places on this machine, addresses behind the gateway.
import { tmpdir } from 'node:os';
import { RunningSystem } from './system';

const STACK = /\n\s+at |\bat \S+ \(|\.[cm]?[jt]sx?:\d+/;

/** The passages of a reply that tell what nobody outside may know; empty when there are none. */
export function leaksIn(text: string, { urls }: Pick<RunningSystem, 'urls'>): string[] {
  const hosts = [urls.was, urls.monitor, urls.endpoint].map((url) => new URL(url).host);
  const inside = [process.cwd(), tmpdir(), 'node_modules', ...hosts];
  return [...inside.filter((secret) => text.includes(secret)), ...(STACK.exec(text) ?? [])];
}

import { IncomingMessage } from 'node:http';

/** Of what was asked, without the query: that may hold what a person said. */
export function pathOf(request: IncomingMessage & { readonly originalUrl?: string }): string {
  return (request.originalUrl ?? request.url ?? '').replace(/\?.*$/s, '');
}

/** Whether somebody only looks how the process is, as load balancers do every few seconds. */
export function isProbe(path: string): boolean {
  return path === '/ping' || path.startsWith('/health');
}

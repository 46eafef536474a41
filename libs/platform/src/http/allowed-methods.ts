import { Express } from 'express';

/** What a layer of Express's router has at run time beyond its published type. */
interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that some route answers at this path, in upper case; empty when the path itself is unknown. */
export function allowedMethods(app: Express, path: string): string[] {
  const layers = app.router.stack as unknown as readonly RouteLayer[];
  const routes = layers.flatMap((layer) => (layer.route && layer.match(path) ? [layer.route] : []));
  const methods = new Set(routes.flatMap((route) => Object.keys(route.methods)).filter((method) => method !== '_all'));
  if (methods.has('get')) methods.add('head');
  return [...methods].map((method) => method.toUpperCase()).sort();
}

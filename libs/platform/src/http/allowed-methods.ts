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
  // Nest registers middleware as routes of every method there is; no controller answers CONNECT.
  const controllers = routes.filter(({ methods }) => !methods['connect']);
  const methods = new Set(controllers.flatMap((route) => Object.keys(route.methods)));
  if (methods.has('get')) methods.add('head');
  return [...methods].map((method) => method.toUpperCase()).sort();
}

import { Express } from 'express';

/** What a layer of Express's router has at run time beyond its published type. */
interface RouteLayer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Where Nest registers middleware: as a route for every path and every method. */
const MIDDLEWARE_PATH = '/{*path}';

/** The methods that some route answers at this path, in upper case; empty when the path itself is unknown. */
export function allowedMethods(app: Express, path: string): string[] {
  const layers = app.router.stack as unknown as readonly RouteLayer[];
  const routes = layers.flatMap((layer) => {
    const isOurs = layer.route !== undefined && layer.route.path !== MIDDLEWARE_PATH;
    return isOurs && layer.match(path) ? [layer.route] : [];
  });
  const methods = new Set(routes.flatMap((route) => Object.keys(route.methods)).filter((method) => method !== '_all'));
  if (methods.has('get')) methods.add('head');
  return [...methods].map((method) => method.toUpperCase()).sort();
}

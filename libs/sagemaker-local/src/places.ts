/** Where built files lie. The only module here that depends on its own location. */
import { resolve } from 'node:path';

const distFolder = resolve(__dirname, '..', '..', '..');

/** The path of a built file, for example `distFile('apps/model/src/main.js')`. */
export function distFile(path: string): string {
  return resolve(distFolder, path);
}

/** The path of a file of the product that is not built, for example `productFile('models/everyday-objects')`. */
export function productFile(path: string): string {
  return resolve(distFolder, '..', path);
}

/** Which compiled files and which packages a program loads, with all that these load in turn. */
import { build } from 'esbuild';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

export interface Imports {
  /** Compiled files, from the top of the repository: `dist/apps/web/src/main.js`; sorted. */
  readonly files: readonly string[];
  /** Names of packages, sorted. */
  readonly packages: readonly string[];
}

/** Of programs below dist/. Types are gone from compiled code, so what is only a type is not among the packages. */
export async function readImports(root: string, programs: readonly string[]): Promise<Imports> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs.map((program) => join('dist', program)),
    outdir: 'unwritten',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const external = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external && !isBuiltin(path))
    .map(({ path }) => packageOf(path));
  return { files: Object.keys(metafile.inputs).sort(), packages: [...new Set(external)].sort() };
}

/** `@nestjs/common/pipes` -> `@nestjs/common` */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

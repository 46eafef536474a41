// Compiles the whole repository into dist/ in one pass: TypeScript with SWC (decorators with their metadata, aliases
// rewritten to relative paths), browser code and style sheets with esbuild under names that carry their content hash.
// Types are not checked here (`npm run check` does that), so a build takes about a second; unchanged sources take none.
// With --check it only tells, by its exit code, whether dist/ is what the sources say.
import { transformFile } from '@swc/core';
import { build as bundle } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sourceFolders = ['apps', 'libs', 'tools', 'test', 'bench'];
const browserFolder = join('apps', 'web', 'src', 'browser');
const browserEntries = /\.entry\.(ts|css)$|\bsample-[\w-]+\.jpg$/;
const stampFile = join(root, 'dist', '.stamp');

/** SWC's options: the counterpart of tsconfig.json for what is emitted. */
const swcOptions = {
  configFile: false,
  swcrc: false,
  sourceMaps: true,
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: false,
      react: { runtime: 'automatic', importSource: 'preact' },
    },
    keepClassNames: true,
    baseUrl: root,
    paths: {
      '@app/contracts': ['libs/contracts/src/index.ts'],
      '@app/contracts/*': ['libs/contracts/src/*/index.ts'],
      '@app/learning/*': ['libs/learning/src/*/index.ts'],
      '@app/onnx/*': ['libs/onnx/src/*/index.ts'],
      '@app/platform/*': ['libs/platform/src/*/index.ts'],
      '@app/*': ['libs/*/src/index.ts'],
    },
  },
};

async function listSources() {
  const files = [];
  for (const folder of sourceFolders) {
    if (!existsSync(join(root, folder))) continue;
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || !/\.(ts|tsx|css|mjs|jpg)$/.test(entry.name)) continue;
      files.push(join(entry.parentPath, entry.name).slice(root.length + 1));
    }
  }
  return files.sort();
}

/** A hash over the names and contents of all that a build depends on. */
async function stampOf(files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of [...files, 'package-lock.json']) hash.update(file).update(await readFile(join(root, file)));
  return hash.digest('hex');
}

async function compileServerCode(files, out) {
  const sources = files.filter((file) => /\.tsx?$/.test(file) && !browserEntries.test(file)); // tests run parts of the browser code, too
  const results = await Promise.allSettled(
    sources.map(async (file) => {
      const target = join(out, file.replace(/\.tsx?$/, '.js'));
      const { code, map } = await transformFile(join(root, file), { ...swcOptions, sourceFileName: join(root, file) });
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
      await writeFile(`${target}.map`, map ?? '');
    }),
  );
  const failure = results.find(({ status }) => status === 'rejected');
  if (failure !== undefined) throw failure.reason; // only now: nothing writes any more
  return sources.length;
}

/** Bundles `*.entry.ts` and `*.entry.css`, copies `sample-*.jpg`; `manifest.json` maps `upload.js` to `upload-<hash>.js`. */
async function bundleBrowserCode(files, out) {
  const assets = join(out, 'apps', 'web', 'assets');
  const entries = files.filter((file) => file.startsWith(browserFolder + sep) && browserEntries.test(file));
  await mkdir(assets, { recursive: true });
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: entries,
    entryNames: '[name]-[hash]',
    outdir: assets,
    bundle: true,
    minify: true,
    metafile: true,
    sourcemap: false,
    loader: { '.jpg': 'copy' },
    format: 'esm',
    target: ['es2020', 'safari14.1'],
    logLevel: 'error',
  });
  const manifest = {};
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint)
      manifest[basename(entryPoint).replace('.entry.ts', '.js').replace('.entry.css', '.css')] = basename(file);
  }
  await writeFile(join(assets, 'manifest.json'), JSON.stringify(manifest, null, 2));
}

async function isStamped(stamp) {
  return existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp;
}

export async function build() {
  const files = await listSources();
  const stamp = await stampOf(files);
  if (await isStamped(stamp)) return false;

  const started = performance.now();
  const fresh = join(root, `dist.${process.pid}`);
  try {
    const count = await compileServerCode(files, fresh);
    await bundleBrowserCode(files, fresh);
    await writeFile(join(fresh, '.stamp'), stamp);
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(fresh, join(root, 'dist'));
    console.log(`built ${count} files in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--check')) await build();
  else process.exitCode = (await isStamped(await stampOf(await listSources()))) ? 0 : 1;
}

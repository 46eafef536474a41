/** Makes one file out of a Lambda function and all that it uses, and an archive that is the same wherever it is made. */
import { PRODUCT_ROOT } from '@app/platform';
import { build } from 'esbuild';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** From the compiled code, which is what the tests run. The SDK is inside: Lambda's own copy changes without notice. */
export async function bundleFunction(name: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [join(PRODUCT_ROOT, 'dist', 'apps', 'functions', 'src', name, 'handler.js')],
    bundle: true,
    minify: true,
    keepNames: true, // errors are told apart by their names
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    legalComments: 'none',
    sourcemap: false,
    write: false,
    logLevel: 'error',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild gave nothing for ${name}`);
  return Buffer.from(file.contents);
}

/** In the archive's own time, which has no zone: the same bytes everywhere. */
const ALWAYS = new Date(1980, 0, 1);

export async function zipOf(fileName: string, content: Buffer): Promise<Buffer> {
  const archive = new ZipFile();
  archive.addBuffer(content, fileName, { mtime: ALWAYS, mode: 0o100644, forceDosTimestamp: true });
  archive.end();
  return buffer(archive.outputStream);
}

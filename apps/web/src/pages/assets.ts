import { PRODUCT_ROOT } from '@app/platform';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { FAVICON } from './favicon';

// The files that pages load, under names that change with their content, so that browsers may keep them for ever.
// A fixed list: what a client asks for is never made a path.

const builtFolder = join(PRODUCT_ROOT, 'dist', 'apps', 'web', 'assets');
const swaggerUiFolder = join(PRODUCT_ROOT, 'node_modules', 'swagger-ui-dist');

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
};

const gzipped = promisify(gzip);

/** One file; it is read and compressed when it is first asked for. */
export class Asset {
  readonly contentType: string;
  private encodings: Promise<{ readonly plain: Buffer; readonly gzip: Buffer }> | undefined;

  constructor(
    readonly fileName: string,
    private readonly read: () => Promise<Buffer>,
  ) {
    this.contentType = contentTypes[extname(fileName)] ?? 'application/octet-stream';
  }

  /** Pictures are compressed by themselves. */
  get isCompressible(): boolean {
    return this.contentType !== 'image/jpeg';
  }

  async body(encoding: 'plain' | 'gzip'): Promise<Buffer> {
    this.encodings ??= this.read().then(async (plain) => ({ plain, gzip: await gzipped(plain) }));
    return (await this.encodings)[encoding];
  }
}

const assetsByName = new Map<string, Asset>([
  ...builtAssets(),
  ['favicon.svg', new Asset(`favicon-${hashOf(FAVICON)}.svg`, () => Promise.resolve(Buffer.from(FAVICON)))],
  ...swaggerUiAssets(),
]);
const assetsByFileName = new Map([...assetsByName.values()].map((asset) => [asset.fileName, asset]));
const assetsByPart = new Map([...assetsByName.values()].map((asset) => [partOf(asset.fileName), asset]));

/** Address of an asset by its plain name, for example `page.css`. */
export function assetUrl(name: string): string {
  const asset = assetsByName.get(name);
  if (asset === undefined) throw new Error(`there is no asset ${name}`);
  return `/assets/${asset.fileName}`;
}

/**
 * The asset with this hashed name, or the one that another version of us has under that: while a rollout is under way, a page of one
 * version asks the other for what belongs to it.
 */
export function findAsset(fileName: string): { readonly asset: Asset; readonly isOwn: boolean } | undefined {
  const own = assetsByFileName.get(fileName);
  if (own !== undefined) return { asset: own, isOwn: true };
  const akin = assetsByPart.get(partOf(fileName));
  return akin && { asset: akin, isOwn: false };
}

/** What `tools/build.mjs` made of `src/browser`. */
function builtAssets(): [string, Asset][] {
  const manifest = JSON.parse(readFileSync(join(builtFolder, 'manifest.json'), 'utf8')) as Record<string, string>;
  return Object.entries(manifest).map(([name, fileName]) => [
    name,
    new Asset(fileName, () => readFile(join(builtFolder, fileName))),
  ]);
}

/** Swagger UI as its package ships it; its version stands in for the hash. */
function swaggerUiAssets(): [string, Asset][] {
  const { version } = JSON.parse(readFileSync(join(swaggerUiFolder, 'package.json'), 'utf8')) as { version: string };
  return ['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) => {
    const extension = extname(name);
    const fileName = `${name.slice(0, -extension.length)}-${version}${extension}`;
    return [name, new Asset(fileName, () => readFile(join(swaggerUiFolder, name)))];
  });
}

/** A hashed name without its hash or version, which every version has the same. */
function partOf(fileName: string): string {
  return fileName.replace(/-[\w.]+(\.[a-z]+)$/, '$1');
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 8);
}

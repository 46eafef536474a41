// Plan, layout and key of an image of a small product, and of the real one.
import { PRODUCT_ROOT } from '@app/platform/product';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assembleImage } from './assemble-image';
import { digestTree } from './digest-tree';
import { IMAGE_NAMES, ImageName } from './image-contents';
import { imageKey } from './image-key';
import { planImage } from './plan-image';

const NEST = ['@nestjs/platform-express', 'class-transformer', 'class-validator'];
const locked = (name: string) => [`node_modules/${name}`, { version: '1.0.0', integrity: `sha512-${name}` }] as const;

let root: string;

/** A file of the small product. */
function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function writeLock(change: Record<string, object> = {}): void {
  const packages = { ...Object.fromEntries([...NEST, 'used', 'unused'].map(locked)), ...change };
  write('package-lock.json', JSON.stringify({ packages }));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'product-'));
  const dependencies = Object.fromEntries([...NEST, 'used', 'unused'].map((name) => [name, '1.0.0']));
  write('package.json', JSON.stringify({ name: 'product', version: '1.2.3', license: 'MIT', dependencies }));
  writeLock();
  write('Dockerfile.monitor', 'ARG NODE_IMAGE=node:24\nFROM ${NODE_IMAGE}\n');
  write(
    'dist/apps/monitor/src/main.js',
    'require("./a"); require("node:fs"); require("used/part"); import("./late.js");',
  );
  write('dist/apps/monitor/src/a.js', 'exports.a = 1;');
  write('dist/apps/monitor/src/late.js', 'exports.late = 1;');
  write('dist/apps/monitor/src/a.spec.js', 'require("./a"); require("unused");');
  write('dist/tools/images/assemble.js', '');
  for (const name of [...NEST, 'used', 'unused']) {
    write(`node_modules/${name}/package.json`, '{}');
    write(`node_modules/${name}/index.js`, `// ${name}`);
    write(`node_modules/${name}/index.d.ts`, '');
  }
});

afterEach(() => rmSync(root, { recursive: true }));

const planned = () => planImage(root, 'monitor', 'linux/amd64');

describe('the plan of an image', () => {
  it('has what the program loads, sooner or later, and nothing else', async () => {
    const { files, packages, manifest } = await planned();

    expect(files).toEqual(['a', 'late', 'main'].map((name) => `dist/apps/monitor/src/${name}.js`));
    expect(packages.map(({ place }) => place)).toEqual([...NEST, 'used'].map((name) => `node_modules/${name}`));
    expect(JSON.parse(manifest)).toEqual({
      name: 'product-monitor',
      version: '1.2.3',
      license: 'MIT',
      private: true,
      dependencies: Object.fromEntries([...NEST, 'used'].map((name) => [name, '1.0.0'])),
    });
  });

  it('cannot be made with a package that is for development only', async () => {
    write('dist/apps/monitor/src/a.js', 'require("jest");');
    writeLock(Object.fromEntries([locked('jest')]));

    await expect(planned()).rejects.toThrow('monitor uses jest, which is not among the dependencies of package.json');
  });
});

describe('the layout of an image', () => {
  const lay = async () => {
    const target = join(root, 'image');
    await assembleImage(await planned(), { root, installations: [join(root, 'nowhere'), root], target });
    return target;
  };

  it('has packages and product apart, without types', async () => {
    const target = await lay();

    expect(existsSync(join(target, 'packages', 'node_modules', 'used', 'index.js'))).toBe(true);
    expect(existsSync(join(target, 'packages', 'node_modules', 'used', 'index.d.ts'))).toBe(false);
    expect(readFileSync(join(target, 'product', 'dist', 'apps', 'monitor', 'src', 'a.js'), 'utf8')).toBe(
      'exports.a = 1;',
    );
  });

  it('is the same, byte by byte, whatever modes and times the files have', async () => {
    const first = await digestTree(await lay());
    const file = join(root, 'dist', 'apps', 'monitor', 'src', 'a.js');
    chmodSync(file, 0o700);
    utimesSync(file, new Date(), new Date());

    expect(await digestTree(await lay())).toBe(first);
    writeFileSync(file, 'exports.a = 2;');
    expect(await digestTree(await lay())).not.toBe(first);
  });

  it('says what to install when a package is missing', async () => {
    rmSync(join(root, 'node_modules', 'used'), { recursive: true });

    await expect(lay()).rejects.toThrow(/node_modules\/used is not in .*npm ci --ignore-scripts --os=linux/);
  });
});

describe('the key of an image', () => {
  const key = async (nodeImage?: string) => imageKey(root, await planned(), nodeImage);

  it('has 40 hexadecimal digits, the same for the same content', async () => {
    expect(await key()).toMatch(/^[0-9a-f]{40}$/);
    expect(await key()).toBe(await key());
    expect(await key('node:24')).toBe(await key()); // which is what the Dockerfile says
  });

  it.each<[string, () => void]>([
    ['a file that is loaded', () => write('dist/apps/monitor/src/late.js', 'exports.late = 2;')],
    [
      'the locked archive of a package',
      () => writeLock({ 'node_modules/used': { version: '1.0.0', integrity: 'other' } }),
    ],
    ['the Dockerfile', () => write('Dockerfile.monitor', 'ARG NODE_IMAGE=node:24\nFROM ${NODE_IMAGE}\nUSER 1\n')],
    ['what lays it out', () => write('dist/tools/images/assemble.js', '// otherwise')],
    [
      'the version of the product',
      () => write('package.json', readFileSync(join(root, 'package.json'), 'utf8').replace('1.2.3', '1.2.4')),
    ],
  ])('is another with another %s', async (_, change) => {
    const before = await key();
    change();

    expect(await key()).not.toBe(before);
  });

  it('is another on another base and for another machine', async () => {
    const other = await imageKey(root, await planImage(root, 'monitor', 'linux/arm64'));

    expect(new Set([await key(), await key('node@sha256:0'), other]).size).toBe(3);
  });

  it.each<[string, () => void]>([
    ['a file that is not loaded', () => write('dist/apps/monitor/src/a.spec.js', '')],
    ['a package that is not used', () => writeLock({ 'node_modules/unused': { version: '2.0.0' } })],
  ])('stays with another %s', async (_, change) => {
    const before = await key();
    change();

    expect(await key()).toBe(before);
  });
});

describe('the images of the product', () => {
  const packagesOf = async (image: ImageName) =>
    (await planImage(PRODUCT_ROOT, image, 'linux/arm64')).packages.map(({ place }) =>
      place.replace(/^node_modules\//, ''),
    );

  it('have ONNX Runtime in model alone, and sharp, for the machine, in model and was alone', async () => {
    const all = await Promise.all(IMAGE_NAMES.map(packagesOf));
    const having = (name: string) => IMAGE_NAMES.filter((_, index) => all[index]?.includes(name));

    expect(having('onnxruntime-node')).toEqual(['model']);
    expect(having('@img/sharp-linux-arm64')).toEqual(['was', 'model']);
    expect(having('@img/sharp-linux-x64')).toEqual([]);
    expect(having('@aws-sdk/client-sagemaker-runtime')).toEqual(['was']);
  });

  it('have keys that a command prints', () => {
    const print = (...parameters: string[]) =>
      spawnSync(process.execPath, ['dist/tools/images/content-key.js', ...parameters], { encoding: 'utf8' });

    expect(print('web').stdout).toMatch(/^[0-9a-f]{40}\n$/);
    expect(print('web', '--platform', 'linux/arm64').stdout).not.toBe(print('web').stdout);
    expect(print('wbe')).toMatchObject({ status: 64, stderr: expect.stringMatching(/^There is no image "wbe", only/) });
    expect(print('web', '--platform', 'arm')).toMatchObject({ status: 64 });
    expect(print()).toMatchObject({ status: 64, stderr: expect.stringContaining('Usage: node dist/tools') });
  });
});

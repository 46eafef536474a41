// Makes a clone ready to run: checks Node, installs the packages when they are missing or out of date, builds.
// Runs before `npm start`, `npm test` and `npm run check`; uses nothing that has to be installed first.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Node.js 20.19 or newer is needed; this is ${process.version}. Get it at https://nodejs.org/`);
  process.exit(1);
}

/** The lockfile that npm leaves in node_modules lists what is really installed; compare it with the one in the repository. */
function installIsCurrent() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || optional || devOptional || present[path]?.version === version,
  );
}

/** `npm ci` empties the folder behind a link, which others may be using, and puts a folder in place of the link. */
function refuseLink() {
  const isLink = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink();
  if (!isLink) return;
  console.error(
    'The packages are out of date, and node_modules is a link: run `npm ci` in the folder that it leads to.',
  );
  process.exit(1);
}

function install() {
  refuseLink();
  console.log('installing packages (once; takes about a minute) ...');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    // The script of onnxruntime-node would download GPU libraries. npm 11 is told by `allowScripts`, older ones by this.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (result.status === 0) return;
  console.error(
    'The packages could not be installed: see the lines above. The npm registry must be reachable this once.',
  );
  process.exit(result.status ?? 1);
}

requireNode();
if (!installIsCurrent()) install();
const { build } = await import('./build.mjs');
await build();

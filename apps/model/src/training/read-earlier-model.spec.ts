import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { COLOUR_MANIFEST, writeColourPackage } from '../../test/support/colour-package';
import { readEarlierModel } from './read-earlier-model';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'earlier-model-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const archive = () => join(folder, 'model.tar.gz');
async function packed(entries: readonly string[]): Promise<void> {
  const cwd = await writeColourPackage(join(folder, 'package'));
  await create({ gzip: true, file: archive(), cwd }, [...entries]);
  rmSync(cwd, { recursive: true });
}
/** How labels were made. */
const provenance = { backbone: { sha256: 'abc' } };

it('reads a package that is not packed', async () => {
  await writeColourPackage(folder, { ...COLOUR_MANIFEST, provenance });

  const { head, ...facts } = await readEarlierModel(folder);

  expect(facts).toEqual({ name: 'colours', version: '1.2.3', created: COLOUR_MANIFEST.created, backboneSha256: 'abc' });
  expect(head).toMatchObject({ labels: ['red', 'green', 'blue'], classes: 3, dimension: 3 });
  expect(head.weights).toHaveLength(9);
});

it.each([[['.']], [['model.json', 'model.onnx']]])('reads an archive of %j', async (entries) => {
  await packed(entries);

  expect(await readEarlierModel(folder)).toMatchObject({ name: 'colours', head: { classes: 3 } });
});

it.each<[string, () => unknown, RegExp]>([
  [
    'a channel without a package',
    () => writeFileSync(join(folder, 'notes.txt'), ''),
    /has no model\.json and no model\.onnx\.$/,
  ],
  ['an archive without a graph', () => packed(['model.json']), /model\.tar\.gz has no model\.onnx\.$/],
  ['an archive that is none', () => writeFileSync(archive(), 'no archive'), /model\.tar\.gz cannot be unpacked \(/],
  [
    'an archive with a link',
    async () => {
      const cwd = await writeColourPackage(join(folder, 'package'));
      symlinkSync('/etc', join(cwd, 'elsewhere'));
      await create({ gzip: true, file: archive(), cwd }, ['.']);
    },
    /model\.tar\.gz is refused: its entry "\.\/elsewhere" is a SymbolicLink, not a file/,
  ],
  [
    'an archive that broke off',
    async () => {
      await packed(['.']);
      writeFileSync(archive(), readFileSync(archive()).subarray(0, 300));
    },
    /model\.tar\.gz cannot be unpacked \(/,
  ],
  [
    'a head that cannot be read',
    async () => {
      await writeColourPackage(folder);
      renameSync(join(folder, 'model.json'), join(folder, 'kept.json'));
      writeFileSync(join(folder, 'model.onnx'), 'no graph');
      renameSync(join(folder, 'kept.json'), join(folder, 'model.json'));
    },
    /has no linear head on "features"/,
  ],
])('refuses %s', async (_, prepare, message) => {
  await prepare();

  await expect(readEarlierModel(folder)).rejects.toThrow(message);
});

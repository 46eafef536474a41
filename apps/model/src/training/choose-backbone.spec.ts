import { writeColourClassifier } from '@app/onnx/testing';
import { PRODUCT_ROOT } from '@app/platform/product';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCellsBackbone } from '../../test/support/write-cells-backbone';
import { chooseBackbone } from './choose-backbone';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'choose-backbone-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const graph = () => join(folder, 'backbone.onnx');
const describeBackbone = (content: unknown) =>
  writeFileSync(join(folder, 'backbone.json'), typeof content === 'string' ? content : JSON.stringify(content));

it('is the one that ships, at the size that is asked for', async () => {
  const { backbone, dimension, facts } = await chooseBackbone(undefined, 96);

  expect(backbone.input).toEqual({ type: 'uint8', size: 96, resize: 'shorter-side-crop' });
  expect(dimension).toBe(512);
  const readme = readFileSync(join(PRODUCT_ROOT, 'models', 'backbones', 'default', 'README.md'), 'utf8');
  expect(facts.source).toBe('product');
  expect(readme).toContain(facts.sha256);
});

it('is that of the channel, as its description says', async () => {
  await writeCellsBackbone(graph(), 'cells');
  const input = { type: 'uint8', size: 48, resize: 'stretch' };
  describeBackbone({ input, output: 'cells' });

  const { backbone, dimension, facts } = await chooseBackbone(folder, 96);

  expect(backbone).toEqual({ path: graph(), input, output: 'cells' });
  expect(dimension).toBeUndefined();
  expect(facts.sha256).toMatch(/^[0-9a-f]{64}$/);
});

it.each<[string, () => unknown, RegExp]>([
  ['no description', () => rmSync(join(folder, 'backbone.json')), /backbone\.json cannot be used: ENOENT/],
  ['a description that is no JSON', () => describeBackbone('{'), /backbone\.json cannot be used: it is not JSON: /],
  [
    'a description without input',
    () => describeBackbone({ output: 'cells' }),
    /backbone\.json cannot be used: input must be an object/,
  ],
  ['a wrong size', () => describeBackbone({ input: { size: '48' } }), /input\.size must be a whole number/],
  [
    'an output that is not there',
    () => describeBackbone({ input: { size: 48, resize: 'stretch' } }),
    /gives no output "features"/,
  ],
  ['no graph', () => rmSync(graph()), /backbone\.onnx cannot be used: ENOENT/],
  ['a graph that is none', () => writeFileSync(graph(), 'this is no graph'), /backbone\.onnx cannot be used: /],
  [
    'a whole classifier',
    () => {
      describeBackbone({ input: { size: 64, resize: 'stretch' } });
      return writeColourClassifier(graph());
    },
    /the backbone has a value named "logits" already/,
  ],
])('refuses %s', async (_, spoil, message) => {
  await writeCellsBackbone(graph(), 'cells');
  describeBackbone({ input: { size: 48, resize: 'stretch' }, output: 'cells' });
  await spoil();

  await expect(chooseBackbone(folder, 96)).rejects.toMatchObject({
    code: 'bad-backbone',
    message: expect.stringMatching(message),
  });
});

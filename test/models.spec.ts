// The models that ship: whether each says all of itself that the product and its readers need.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ModelManifest } from '@app/contracts/sagemaker';

const models = resolve('models');
/** Holds what training starts from. */
const BACKBONES = 'backbones';
/** Beside the packages: how the default network was made. */
const NO_PACKAGES = [BACKBONES, 'pretraining'];

describe.each(readdirSync(models).filter((name) => !NO_PACKAGES.includes(name)))('the shipped model %s', (name) => {
  const read = (file: string) => readFileSync(join(models, name, file));
  const manifest = JSON.parse(read('model.json').toString()) as ModelManifest;

  it('is named like its folder and has a version, a date and a description in both languages', () => {
    expect(manifest).toMatchObject({ schemaVersion: 1, name, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(new Date(manifest.created).toISOString()).toBe(manifest.created.replace('Z', '.000Z'));
    expectBothLanguages(manifest.description);
  });

  it('has labels with ids and names that are there once', () => {
    const once = (values: readonly (string | undefined)[]) => expect(new Set(values).size).toBe(manifest.labels.length);

    once(manifest.labels.map(({ id }) => id));
    once(manifest.labels.map(({ name: { en } }) => en));
    once(manifest.labels.map(({ name: { ko } }) => ko));
  });

  it('names and describes its labels in both languages', () => {
    for (const label of manifest.labels) {
      expectBothLanguages(label.name);
      if (label.description === undefined) continue;
      expectBothLanguages(label.description);
      expect(`${label.description.en} ${label.description.ko ?? ''}`).toMatch(/^[A-Z].*\. .*니다\.$/);
    }
  });

  it('is calibrated and has both thresholds', () => {
    const { temperature, thresholds } = manifest;

    expect(temperature).toBeGreaterThan(0);
    expect(thresholds.uncertain).toBeGreaterThan(0);
    expect(thresholds.uncertain).toBeLessThan(1);
    expect(Number.isFinite(thresholds.unknown)).toBe(true);
  });

  it('gives its thresholds and figures to people as well', () => {
    const card = read('card.md').toString();

    for (const figure of [manifest.thresholds.uncertain, manifest.thresholds.unknown, manifest.temperature]) {
      expect(card).toContain(String(figure));
    }
    expect(card).toContain(`${manifest.labels.length} `);
  });

  it('has the graph that it says it has', () => {
    expect(createHash('sha256').update(read('model.onnx')).digest('hex')).toBe(manifest.provenance?.['sha256']);
  });
});

describe.each(readdirSync(join(models, BACKBONES)))('the shipped backbone %s', (name) => {
  it('is the file that its README tells about', () => {
    const read = (file: string) => readFileSync(join(models, BACKBONES, name, file));

    expect(read('README.md').toString()).toContain(createHash('sha256').update(read('backbone.onnx')).digest('hex'));
  });
});

describe('everyday-objects', () => {
  it('knows 200 things', () => {
    const manifest = JSON.parse(readFileSync(join(models, 'everyday-objects', 'model.json'), 'utf8')) as ModelManifest;

    expect(manifest.labels).toHaveLength(200);
    expect(manifest.input).toEqual({ type: 'uint8', size: 64, resize: 'shorter-side-crop' });
    expect(manifest.labels.find(({ id }) => id === 'n01443537')?.name).toEqual({ en: 'goldfish', ko: '금붕어' });
    expect(manifest.labels.find(({ id }) => id === 'n03126707')?.name.ko).toBe('기중기');
  });
});

function expectBothLanguages(text: { readonly en: string; readonly ko?: string } | undefined): void {
  expect(text).toEqual({ en: expect.stringMatching(/^\p{L}.*\S$/u), ko: expect.stringMatching(/\p{sc=Hangul}/u) });
}

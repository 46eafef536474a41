import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultOfModelPackage } from './model-package';

describe('a model package', () => {
  it('is a folder with model.json and model.onnx', () => {
    const folder = mkdtempSync(join(tmpdir(), 'package-'));
    expect(faultOfModelPackage(folder)).toBe(`${folder}/model.json and ${folder}/model.onnx missing`);
    writeFileSync(join(folder, 'model.json'), '{}');
    expect(faultOfModelPackage(folder)).toBe(`${folder}/model.onnx missing`);
    writeFileSync(join(folder, 'model.onnx'), '');
    expect(faultOfModelPackage(folder)).toBeUndefined();
  });

  it('is not a path that is nothing or a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'package-'));
    expect(faultOfModelPackage(join(folder, 'none'))).toBe(`there is no folder ${folder}/none`);
    writeFileSync(join(folder, 'file'), '');
    expect(faultOfModelPackage(join(folder, 'file'))).toBe(`there is no folder ${folder}/file`);
  });
});

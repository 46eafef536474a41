import { machineOf } from './platform';
import { isRunTimeFile } from './run-time-files';

const AMD64 = machineOf('linux/amd64');

describe('isRunTimeFile', () => {
  it.each(['index.js', 'package.json', 'dist/a.mjs', 'b.cjs', 'data.json', 'LICENSE', 'LICENSE.md', 'docs/NOTICE.txt'])(
    'keeps %s',
    (path) => {
      expect(isRunTimeFile('any', path, AMD64)).toBe(true);
    },
  );

  it.each(['index.d.ts', 'a.d.mts', 'src/a.ts', 'a.tsx', 'index.js.map', 'README.md', 'CHANGELOG.markdown'])(
    'leaves out %s',
    (path) => {
      expect(isRunTimeFile('any', path, AMD64)).toBe(false);
    },
  );

  it('keeps of ONNX Runtime the binaries of the machine', () => {
    const binaries = ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64'].map(
      (place) => `bin/napi-v6/${place}/onnxruntime_binding.node`,
    );
    const kept = (machine = AMD64) => binaries.filter((path) => isRunTimeFile('onnxruntime-node', path, machine));

    expect(kept()).toEqual([binaries[0]]);
    expect(kept(machineOf('linux/arm64'))).toEqual([binaries[1]]);
  });
});

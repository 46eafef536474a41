import { Lock, lockedPackages } from './locked-packages';
import { machineOf } from './platform';

const AMD64 = machineOf('linux/amd64');

const LOCK: Lock = {
  '': {},
  'node_modules/app': {
    version: '1.0.0',
    integrity: 'sha512-app',
    dependencies: { shared: '^2.0.0', fast: '^1.0.0' },
    optionalDependencies: { fast: '^1.0.0', 'native-x64': '1.0.0', 'native-arm64': '1.0.0', 'native-musl': '1.0.0' },
    peerDependencies: { peer: '*', maybe: '*' },
    peerDependenciesMeta: { maybe: { optional: true } },
  },
  'node_modules/app/node_modules/shared': { version: '2.0.0', dependencies: { deep: '*' } },
  'node_modules/shared': { version: '1.0.0' },
  'node_modules/deep': { version: '1.0.0', dependencies: { shared: '^1.0.0', app: '*' } },
  'node_modules/peer': { version: '1.0.0' },
  'node_modules/maybe': { version: '1.0.0' },
  'node_modules/native-x64': { version: '1.0.0', os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'node_modules/native-arm64': { version: '1.0.0', os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'node_modules/native-musl': { version: '1.0.0', os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'node_modules/other': { version: '1.0.0' },
};

const placesOf = (names: readonly string[], machine = AMD64) =>
  lockedPackages(LOCK, names, machine).map(({ place }) => place.replace(/^node_modules\//, ''));

describe('lockedPackages', () => {
  it('follows dependencies as Node finds them, peers that must be there, and optional ones that run on the machine', () => {
    expect(placesOf(['app'])).toEqual(['app', 'app/node_modules/shared', 'deep', 'native-x64', 'peer', 'shared']);
  });

  it('takes the binaries of another machine for that machine', () => {
    expect(placesOf(['app'], machineOf('linux/arm64'))).toContain('native-arm64');
    expect(placesOf(['app'], machineOf('linux/arm64'))).not.toContain('native-x64');
  });

  it('tells version and integrity', () => {
    expect(lockedPackages(LOCK, ['app'], AMD64)[0]).toEqual({
      place: 'node_modules/app',
      version: '1.0.0',
      integrity: 'sha512-app',
    });
  });

  it('says which package is not locked, and who needs it', () => {
    const lock: Lock = { 'node_modules/app': { version: '1.0.0', dependencies: { gone: '*' } } };

    expect(() => lockedPackages(lock, ['app'], AMD64)).toThrow('package-lock.json has no gone, which app needs');
    expect(() => lockedPackages(lock, ['nowhere'], AMD64)).toThrow('which the image needs: run npm install.');
  });
});

// Tests run against dist/: what is tested is what ships, workers and child processes included. `npm test` builds first.
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  testMatch: ['**/*.spec.js', '**/*.e2e-spec.js'],
  transform: { '\\.js$': '<rootDir>/../tools/jest/source-maps.cjs' },
  globalSetup: '<rootDir>/../tools/jest/set-up.mjs',
  globalTeardown: '<rootDir>/../tools/jest/tear-down.mjs',
  testTimeout: 30_000,
  maxWorkers: 2,
};

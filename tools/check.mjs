// `npm run check`: formatting, lint, types, dependency rules, and that what is generated is current. Runs all, then says which failed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const checks = [
  ['formatting', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'eslint', ['--max-warnings', '0', '.']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['types of the browser code', 'tsc', ['-p', 'apps/web/src/browser/tsconfig.json']],
  [
    'dependency rules',
    'depcruise',
    ['apps', 'libs', 'tools', 'test', 'bench', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long'],
  ],
  ['OpenAPI document is current', 'node', ['dist/tools/export-openapi.js', '--check']],
  ['pipeline definition is current', 'node', ['dist/tools/export-pipeline-definition.js', '--check']],
  ['network diagram is current', 'node', ['dist/tools/export-network-diagram.js', '--check']],
  [
    'types of the API are current (npm run api-types)',
    'openapi-typescript',
    ['docs/openapi/openapi.json', '--output', 'test/support/api-types.ts', '--check'],
  ],
  ['OpenAPI rules', 'redocly', ['lint', 'docs/openapi/openapi.json']],
];

const failed = checks.filter(([name, command, parameters]) => {
  const started = performance.now();
  const local = `node_modules/.bin/${command}`;
  const { status, error } = spawnSync(existsSync(local) ? local : command, parameters, {
    stdio: 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  const ok = status === 0;
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)${error ? `: ${error.message}` : ''}`,
  );
  return !ok;
});
console.log(`check: ${checks.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);

// `npm test` runs in CodeBuild too, which gives each build a region and credentials: tests know nothing of them (tools/jest/set-up.mjs).
import { PRODUCT_ROOT } from '@app/platform';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** CodeBuild user guide, "Environment variables in build environments", and what its containers have of ECS. */
const BY_CODEBUILD = {
  AWS_REGION: 'eu-central-1',
  AWS_DEFAULT_REGION: 'eu-central-1',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/0',
  AWS_EXECUTION_ENV: 'AWS_ECS_EC2',
  CODEBUILD_BUILD_ID: 'image-classifier-demo-pipeline:0',
};
const BY_A_PERSON = { AWS_PROFILE: 'work', AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' };

const PROGRAM = `
  const { default: setUp } = await import('./tools/jest/set-up.mjs');
  await setUp();
  console.log(JSON.stringify(process.env));
`;

it.each([BY_CODEBUILD, BY_A_PERSON])('of %j', (environment) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: PRODUCT_ROOT,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });

  expect(stderr).toBe('');
  const left = JSON.parse(stdout) as Record<string, string>;
  rmSync(left['TMPDIR'] ?? '', { recursive: true });
  expect(Object.keys(left).filter((name) => name.startsWith('AWS_'))).toEqual(['AWS_EC2_METADATA_DISABLED']);
  expect(left['TMPDIR']).toMatch(/image-classifier-tests-/);
});

it('of the run that this is one of', () => {
  expect(Object.keys(process.env).filter((name) => name.startsWith('AWS_'))).toEqual(['AWS_EC2_METADATA_DISABLED']);
  expect(process.env['TMPDIR']).toContain('image-classifier-tests-');
});

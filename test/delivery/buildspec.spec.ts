// buildspec.yml has what CodeBuild and the pipeline expect of it, and nothing of one account.
import { PRODUCT_ROOT } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBuildspec } from './support/codebuild';

const FILE = join(PRODUCT_ROOT, 'buildspec.yml');
const spec = readBuildspec(FILE);

describe('buildspec.yml', () => {
  it('is of the version in which a phase is one shell, and stops at the first failure', () => {
    expect([spec.version, spec.env.shell]).toEqual([0.2, 'bash']);
    expect(Object.entries(spec.phases).map(([name, phase]) => [name, phase['on-failure']])).toEqual([
      ['install', 'ABORT'],
      ['pre_build', 'ABORT'],
      ['build', 'ABORT'],
    ]);
  });

  it('tests by the commands that people are told', () => {
    const guide = readFileSync(join(PRODUCT_ROOT, 'CONTRIBUTING.md'), 'utf8');
    const commands = spec.phases['pre_build']?.commands ?? [];

    expect(commands).toEqual(['npm run check', 'npm test']);
    for (const command of commands) expect(guide).toContain(command);
  });

  it('exports what the pipeline asks for, and makes an artifact for each service', () => {
    expect(spec.env['exported-variables']).toEqual(['WEB_CHANGED', 'WAS_CHANGED', 'MONITOR_CHANGED']);
    expect(Object.keys(spec.artifacts['secondary-artifacts'])).toEqual(['web', 'was', 'monitor']);
  });

  it.each(['buildspec.yml', 'appspec.yaml', 'tools/delivery/build-image.sh', 'tools/delivery/make-builder.sh'])(
    'and what it needs name no account, region or stage: %s',
    (file) => {
      const text = readFileSync(join(PRODUCT_ROOT, file), 'utf8');

      expect(text).not.toMatch(/\b\d{12}\b|\b[a-z]{2}-[a-z]+-\d\b|amazonaws\.com|image-classifier|\bdemo\b/);
    },
  );
});

// What the four Dockerfiles say: of each other, of what runs them on AWS, and of the product.
import { PRODUCT_ROOT, PRODUCT_VERSION } from '@app/platform/product';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplates } from '../../tools/cloudformation/template';
import { IMAGE_CONTENTS, IMAGE_NAMES, ImageName } from '../../tools/images/image-contents';
import { defaultNodeImage } from '../../tools/images/image-key';
import { dockerfilePath, healthCheckOf } from './support/built-image';

const dockerfiles = new Map(IMAGE_NAMES.map((name) => [name, readFileSync(dockerfilePath(name), 'utf8')]));

function dockerfileOf(name: ImageName): string {
  return dockerfiles.get(name) ?? '';
}

/** The lines of the final stage, each instruction in one. */
function finalStage(name: ImageName): string[] {
  const [, stage = ''] = dockerfileOf(name).split(/^FROM .* AS app$/m);
  return stage
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function instruction(name: ImageName, word: string): string {
  const found = finalStage(name).filter((line) => line.startsWith(`${word} `));
  expect({ word, found: found.length }).toEqual({ word, found: 1 });
  return found[0]?.slice(word.length + 1) ?? '';
}

function environmentOf(name: ImageName): Record<string, string> {
  const words = instruction(name, 'ENV').split(' ');
  return Object.fromEntries(words.map((word) => word.split('=') as [string, string]));
}

describe.each(IMAGE_NAMES)('Dockerfile.%s', (name) => {
  it('is built from the same stages as the others', () => {
    const upTo = (one: ImageName) =>
      dockerfileOf(one)
        .split('\n')
        .slice(1)
        .join('\n')
        .split(/^FROM .* AS app$/m)[0];

    expect(upTo(name)).toBe(upTo('web'));
  });

  it('runs nothing in its final stage, so that an image for another machine is built without emulation', () => {
    expect(finalStage(name).filter((line) => line.startsWith('RUN'))).toEqual([]);
  });

  it('starts its program without a shell, so that signals reach it', () => {
    expect(JSON.parse(instruction(name, 'ENTRYPOINT'))).toEqual(['node', `dist/${IMAGE_CONTENTS[name].programs[0]}`]);
    expect(healthCheckOf(dockerfileOf(name)).slice(0, 2)).toEqual(['node', '-e']);
  });

  it('names the version of the product, the commit and the build', () => {
    expect(instruction(name, 'LABEL')).toContain(`org.opencontainers.image.version="${PRODUCT_VERSION}"`);
    expect(instruction(name, 'LABEL')).toContain('org.opencontainers.image.revision="${REVISION}"');
    expect(environmentOf(name)).toMatchObject({ NODE_ENV: 'production', APP_BUILD: '${BUILD}' });
  });

  it('begins with Node 24 on Debian, or another base that is given', () => {
    expect(defaultNodeImage(dockerfileOf(name))).toMatch(/\/node:24-bookworm-slim$/);
    expect(dockerfileOf(name)).toMatch(/^FROM \$\{NODE_IMAGE\} AS app$/m);
  });
});

interface ContainerDefinition {
  readonly User: string;
  readonly ReadonlyRootFilesystem: boolean;
  readonly PortMappings: readonly { readonly ContainerPort: number }[];
  readonly HealthCheck: { readonly Command: readonly string[]; readonly Interval: number; readonly Timeout: number };
  readonly Environment: readonly { readonly Name?: string; readonly Value?: unknown }[];
}

function containerOf(name: ImageName): ContainerDefinition {
  const services = loadTemplates().find(({ area }) => area === 'services');
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}TaskDefinition`;
  const { ContainerDefinitions } = services?.resources[id]?.Properties as unknown as {
    ContainerDefinitions: ContainerDefinition[];
  };
  const [container] = ContainerDefinitions;
  if (container === undefined) throw new Error(`${id} has no container`);
  return container;
}

describe.each(['web', 'was', 'monitor'] as const)('the task of %s on AWS and its image agree', (name) => {
  const container = containerOf(name);

  it('on the user, and that nothing is written', () => {
    expect(instruction(name, 'USER')).toBe(`${container.User}:${container.User}`);
    expect(container.ReadonlyRootFilesystem).toBe(true);
  });

  it('on the ports', () => {
    const ports = instruction(name, 'EXPOSE').split(' ').map(Number);

    expect(ports).toEqual(expect.arrayContaining(container.PortMappings.map(({ ContainerPort }) => ContainerPort)));
    const variables = container.Environment.filter(
      ({ Name = '' }) => Name.startsWith(name.toUpperCase()) && Name.endsWith('_PORT'),
    );
    const own = variables.filter(({ Name = '' }) => Name in environmentOf(name));
    expect(own.map(({ Name = '', Value }) => [Name, Value])).toEqual(
      Object.entries(environmentOf(name)).filter(([variable]) => variable.endsWith('_PORT')),
    );
    expect(own.map(({ Value }) => Number(Value))).toEqual(ports);
  });

  it('on the health check: the same address, and the same patience', () => {
    const [node, flag, script = ''] = healthCheckOf(dockerfileOf(name));
    const settled = script.replace(
      /' \+ process\.env\.(\w+) \+ '/,
      (_, variable: string) => environmentOf(name)[variable] ?? '',
    );

    expect(['CMD', node, flag, settled]).toEqual(container.HealthCheck.Command);
    const { Interval, Timeout } = container.HealthCheck;
    expect(dockerfileOf(name)).toContain(`HEALTHCHECK --interval=${Interval}s --timeout=${Timeout}s `);
  });
});

describe('Dockerfile.model', () => {
  it('is what SageMaker runs: as root, on port 8080, with the job as its only argument', () => {
    expect(instruction('model', 'USER')).toBe('0:0');
    expect(instruction('model', 'EXPOSE')).toBe('8080');
    const definition = readFileSync(join(PRODUCT_ROOT, 'apps', 'pipeline', 'pipeline-definition.json'), 'utf8');
    expect(definition).toContain('"ContainerArguments"');
    expect(definition).not.toContain('"ContainerEntrypoint"');
  });
});

// Builds of images by CodeBuild: what runs them, with which rights, and that buildspec.yml finds what it needs.
import { PRODUCT_ROOT } from '@app/platform';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBuildEnvironment } from '../../../tools/delivery/build-environment';
import { IMAGE_NAMES } from '../../../tools/images/image-contents';
import { defaultNodeImage } from '../../../tools/images/image-key';
import { faultOf, type Rule } from '../support/rule';
import { statementsOfResource } from '../support/statements';
import { at, listAt, referred, resourcesOf, textAt, type Found, type System } from '../support/system';

const PROJECT = 'AWS::CodeBuild::Project';

/** Managed images of Amazon Linux 2023 that have Node 24, by the kind of machine: CodeBuild user guide, "Available runtimes". */
const MACHINES: Readonly<Record<string, RegExp>> = {
  LINUX_CONTAINER: /^aws\/codebuild\/amazonlinux-x86_64-standard:6\.0$/,
  ARM_CONTAINER: /^aws\/codebuild\/amazonlinux-aarch64-standard:4\.0$/,
};
/** Shell variables that the build itself or CodeBuild sets. */
const NOT_OF_THE_PROJECT = /^(NODE_IMAGE_DIGEST|BUILDX_BUILDER|REVISION|CODEBUILD_[A-Z_]+)$/;
const SCRIPTS = ['tools/delivery/make-builder.sh', 'tools/delivery/build-image.sh'];
const SECRET = /PASSWORD|SECRET|TOKEN|CREDENTIAL|ACCESS_KEY/i;

/** Whose Properties are those of every project, in every variant. */
const projects = (system: System) => resourcesOf(system, PROJECT);

function buildspecOf({ Properties }: Found): string | undefined {
  const file = join(PRODUCT_ROOT, textAt(Properties, 'Source', 'BuildSpec') || ' ');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function variablesOf({ Properties }: Found): Map<string, string> {
  const variables = listAt(Properties, 'Environment', 'EnvironmentVariables');
  return new Map(variables.map((variable) => [textAt(variable, 'Name'), textAt(variable, 'Value')]));
}

/** Without comments, in which anything may stand. */
function commandsOf(text: string): string {
  return text.replaceAll(/^\s*#.*$/gm, '');
}

/** `$REGISTRY`, `${name}`: those in capitals, which no script sets itself. */
function shellVariablesOf(text: string): string[] {
  return [...commandsOf(text).matchAll(/\$\{?([A-Z][A-Z0-9_]+)/g)].map(([, name = '']) => name);
}

export const BUILD_RULES = {
  buildspec: {
    says: 'a project runs a buildspec that is a file of the product',
    *faults(system) {
      for (const found of projects(system)) {
        if (buildspecOf(found) === undefined)
          yield faultOf(
            found,
            `runs ${textAt(found.Properties, 'Source', 'BuildSpec') || 'no file'}, which is not there`,
          );
      }
    },
  },
  privileged: {
    says: 'a project is privileged when its commands need Docker, and only then',
    *faults(system) {
      for (const found of projects(system)) {
        const isPrivileged = textAt(found.Properties, 'Environment', 'PrivilegedMode') === 'true';
        const needsDocker = /\bdocker\b/.test(commandsOf(buildspecOf(found) ?? ''));
        if (needsDocker && !isPrivileged) yield faultOf(found, 'cannot run Docker');
        if (isPrivileged && !needsDocker) yield faultOf(found, 'is privileged for nothing');
      }
    },
  },
  machine: {
    says: 'a project runs on a machine and an image of the same processor, that of the services',
    *faults(system) {
      for (const found of projects(system)) {
        const type = textAt(found.Properties, 'Environment', 'Type');
        const image = textAt(found.Properties, 'Environment', 'Image');
        if (MACHINES[type]?.test(image) !== true) yield faultOf(found, `runs ${image} on ${type}`);
        const isArm = found.stack.variant.values.CpuArchitecture === 'ARM64';
        const platform = variablesOf(found).get('SERVICE_PLATFORM');
        if (isArm !== (type === 'ARM_CONTAINER'))
          yield faultOf(found, 'builds on another processor than the services run on');
        if (platform !== (isArm ? 'linux/arm64' : 'linux/amd64'))
          yield faultOf(found, `builds services for ${platform ?? 'nothing'}`);
      }
    },
  },
  logs: {
    says: 'a project logs to a group of these templates, which forgets',
    *faults(system) {
      for (const found of projects(system)) {
        const logs = at(found.Properties, 'LogsConfig', 'CloudWatchLogs');
        const group = referred(found.stack.variant, at(logs, 'GroupName'));
        if (textAt(logs, 'Status') !== 'ENABLED' || group?.Type !== 'AWS::Logs::LogGroup')
          yield faultOf(found, 'logs to no group of these templates');
      }
    },
  },
  encrypted: {
    says: 'what a project makes is encrypted with the key of the product',
    *faults(system) {
      for (const found of projects(system)) {
        const key = textAt(found.Properties, 'EncryptionKey');
        if (!/^\$\{storage:Key\.Arn\}$/.test(key)) yield faultOf(found, `encrypts with ${key || 'the key of S3'}`);
      }
    },
  },
  timeout: {
    says: 'a build ends by itself, running or waiting',
    *faults(system) {
      for (const found of projects(system)) {
        for (const member of ['TimeoutInMinutes', 'QueuedTimeoutInMinutes']) {
          const minutes = Number(textAt(found.Properties, member));
          if (!(minutes >= 5 && minutes <= 480)) yield faultOf(found, `has no ${member} of 5 to 480`);
        }
      }
    },
  },
  trust: {
    says: 'the role of a project can be taken on by that project, and by no other of the account',
    *faults(system) {
      for (const found of projects(system)) {
        const role = referred(found.stack.variant, at(found.Properties, 'ServiceRole'));
        const trust = role && [...statementsOfResource(role)].filter(({ kind }) => kind === 'trust');
        const sources = (trust ?? []).flatMap(({ value }) =>
          listAt(value, 'Condition', 'ArnEquals', 'aws:SourceArn').map(String),
        );
        const own = `project/${textAt(found.Properties, 'Name')}`;
        if (!sources.some((source) => source.endsWith(`:${own}`))) yield faultOf(found, 'cannot take on its role');
        for (const source of sources) if (source.includes('*')) yield faultOf(found, `shares its role with ${source}`);
      }
    },
  },
  artifacts: {
    says: 'a project of the pipeline takes and gives artifacts of the pipeline; another takes sources from the build bucket, and gives none',
    *faults(system) {
      for (const found of projects(system)) {
        const [source, artifacts] = [
          textAt(found.Properties, 'Source', 'Type'),
          textAt(found.Properties, 'Artifacts', 'Type'),
        ];
        if (!['CODEPIPELINE CODEPIPELINE', 'S3 NO_ARTIFACTS'].includes(`${source} ${artifacts}`))
          yield faultOf(found, `takes ${source} and gives ${artifacts}`);
        const location = textAt(found.Properties, 'Source', 'Location');
        if (source === 'S3' && location !== '${storage:BuildBucket}/source/source.zip')
          yield faultOf(found, `takes its sources from ${location}`);
      }
    },
  },
  secrets: {
    says: 'the environment of a project, which everybody reads who may see builds, holds no secret',
    *faults(system) {
      for (const found of projects(system)) {
        for (const variable of listAt(found.Properties, 'Environment', 'EnvironmentVariables')) {
          const name = textAt(variable, 'Name');
          if (SECRET.test(name) && ['', 'PLAINTEXT'].includes(textAt(variable, 'Type')))
            yield faultOf(found, `has ${name} for everybody to read`);
        }
      }
    },
  },
  base: {
    says: 'a project builds on the image that the Dockerfiles begin with, unless a stage names another',
    *faults(system) {
      for (const found of projects(system)) {
        if ('NodeImage' in found.stack.variant.values) continue;
        const base = variablesOf(found).get('NODE_IMAGE');
        for (const image of IMAGE_NAMES) {
          const own = defaultNodeImage(readFileSync(join(PRODUCT_ROOT, `Dockerfile.${image}`), 'utf8'));
          if (own !== base)
            yield faultOf(found, `builds ${image} on ${base ?? 'nothing'}, and its Dockerfile on ${own}`);
        }
      }
    },
  },
  variables: {
    says: 'a project sets what the commands of the build read, and all projects the same',
    *faults(system) {
      const used = new Set(
        ['buildspec.yml', ...SCRIPTS].flatMap((file) =>
          shellVariablesOf(readFileSync(join(PRODUCT_ROOT, file), 'utf8')),
        ),
      );
      for (const found of projects(system)) {
        const variables = variablesOf(found);
        for (const name of used) {
          if (!variables.has(name) && !NOT_OF_THE_PROJECT.test(name)) yield faultOf(found, `does not set ${name}`);
        }
        try {
          readBuildEnvironment(Object.fromEntries(variables));
        } catch (error) {
          yield faultOf(found, String(error));
        }
        for (const other of resourcesOf(found.stack.variant, PROJECT)) {
          for (const [name, value] of variablesOf(other)) {
            if (name !== 'BOOTSTRAP' && variables.get(name) !== value)
              yield faultOf(found, `sets ${name} to another value than ${other.logicalId}`);
          }
        }
      }
    },
  },
} satisfies Record<string, Rule>;

/** What the project of CodeBuild tells a build by environment variables (cloudformation/20-build.yaml). */
import { CommandError } from '../../apps/pipeline/src/command.error';
import type { StageName } from '../aws/stage/areas';
import { IMAGE_NAMES, type ImageName } from '../images/image-contents';

export interface BuildEnvironment extends StageName {
  /** `123456789012.dkr.ecr.us-east-1.amazonaws.com` */
  readonly registry: string;
  readonly repositories: Readonly<Record<ImageName, string>>;
  readonly buildBucket: string;
  /** Weaknesses that do not stop a build, by their CVE numbers; `*` among them allows all. */
  readonly allowedFindings: ReadonlySet<string>;
  /** There is nothing yet to roll out to. */
  readonly isBootstrap: boolean;
}

/** @throws {CommandError} that names every variable that is missing. */
export function readBuildEnvironment(environment: NodeJS.ProcessEnv): BuildEnvironment {
  const missing: string[] = [];
  const needed = (variable: string): string => {
    const value = environment[variable]?.trim() ?? '';
    if (value === '') missing.push(variable);
    return value;
  };
  const repositories = IMAGE_NAMES.map((name) => [name, needed(`${name.toUpperCase()}_REPOSITORY`)]);
  const read: BuildEnvironment = {
    project: needed('PROJECT'),
    stage: needed('STAGE'),
    registry: needed('REGISTRY'),
    repositories: Object.fromEntries(repositories) as Record<ImageName, string>, // of each name
    buildBucket: needed('BUILD_BUCKET'),
    allowedFindings: new Set((environment['ALLOWED_FINDINGS'] ?? '').split(/[\s,]+/).filter((name) => name !== '')),
    isBootstrap: environment['BOOTSTRAP'] === 'true',
  };
  if (missing.length > 0) {
    throw new CommandError(
      `Not set: ${missing.join(', ')}. These are commands of a build: the project of CodeBuild in cloudformation/20-build.yaml sets them.`,
    );
  }
  return read;
}

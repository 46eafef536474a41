/** The parts of the infrastructure, each a template and a stack, in the order in which they are made. */
import { loadTemplates, Template } from '../../cloudformation/template';
import { CommandError, UsageError } from '../../../apps/pipeline/src/command.error';

/**
 * What a part is called in names of stacks and SSM parameters, and what it holds, for people. In the order of their making, which is that of
 * their numbers but for the pipeline: it runs as soon as it is there, and then everything else has to be.
 */
export const AREAS = {
  network: 'network, addresses, security groups',
  storage: 'buckets, image repositories, key',
  build: 'image builds',
  platform: 'cluster, load balancers, firewall',
  ml: 'model pipeline, registry, endpoint',
  services: 'web, was and monitor',
  observability: 'alarms, dashboard, budget',
  delivery: 'continuous delivery',
} as const;

export const DEFAULT_PROJECT = 'image-classifier';

/** Identifies one installation; several of them live in one account. */
export interface StageName {
  readonly project: string;
  readonly stage: string;
}

export function stackName({ project, stage }: StageName, area: string): string {
  return `${project}-${stage}-${area}`;
}

/** Where stacks hand over values: `/<project>/<stage>/`. */
export function parameterPrefix({ project, stage }: StageName): string {
  return `/${project}/${stage}/`;
}

/** How a stage is named on the command line. */
export function stageOptions({ project, stage }: StageName): string {
  return `--stage ${stage}${project === DEFAULT_PROJECT ? '' : ` --project ${project}`}`;
}

const PROJECT = /^[a-z][a-z0-9-]{1,19}$/;
const STAGE = /^[a-z][a-z0-9-]{0,11}$/;

/** @throws {UsageError} for names that stacks cannot have. */
export function requireStageName({ project, stage }: StageName): void {
  if (!PROJECT.test(project)) {
    throw new UsageError(
      `--project must be 2 to 20 lower-case letters, digits and hyphens, and begin with a letter, not "${project}".`,
    );
  }
  if (!STAGE.test(stage)) {
    throw new UsageError(
      `--stage must be 1 to 12 lower-case letters, digits and hyphens, and begin with a letter, not "${stage}".`,
    );
  }
}

/** @param folder holds the templates. @throws {CommandError} when there are none. */
export function loadAreas(folder?: string): Template[] {
  const templates = loadTemplates(folder);
  if (templates.length === 0) throw new CommandError('There are no templates in cloudformation/.');
  const order = Object.keys(AREAS);
  return templates.sort((one, other) => order.indexOf(one.area) - order.indexOf(other.area));
}

/** Those that `--only` names, or all. @throws {UsageError} for an area that there is not. */
export function chosenAreas(templates: readonly Template[], only: readonly string[]): Template[] {
  const known = templates.map(({ area }) => area);
  const unknown = only.filter((area) => !known.includes(area));
  if (unknown.length > 0) {
    throw new UsageError(`--only knows ${known.join(', ')}, not ${unknown.join(', ')}.`);
  }
  return templates.filter(({ area }) => only.length === 0 || only.includes(area));
}

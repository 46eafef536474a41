/** Task definitions: what is left of one when it is registered again, and whether two mean the same. */
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import { isDeepStrictEqual } from 'node:util';
import { CommandError } from '../../apps/pipeline/src/command.error';

/** The container of every task (cloudformation/50-services.yaml). */
export const CONTAINER = 'app';
/** Label of a container that says which build it is: the first digits of its image's content key. */
export const BUILD_LABEL = 'build';

/** What ECS says of a definition, and does not take: all other members are those of RegisterTaskDefinition. */
export const SAID_BY_ECS = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'registeredBy',
  'deleteRequestedAt',
] as const satisfies readonly (keyof TaskDefinition)[];

export type Registration = RegisterTaskDefinitionCommandInput;

/** The same task with another image, and the label that says which build that is. */
export function withImage(definition: TaskDefinition, image: string, build: string): Registration {
  const { containerDefinitions = [], ...rest } = registrationOf(definition);
  if (!containerDefinitions.some(({ name }) => name === CONTAINER)) {
    throw new CommandError(`${definition.taskDefinitionArn ?? 'The task definition'} has no container "${CONTAINER}".`);
  }
  return {
    ...rest,
    containerDefinitions: containerDefinitions.map((container) =>
      container.name === CONTAINER
        ? { ...container, image, dockerLabels: { ...container.dockerLabels, [BUILD_LABEL]: build } }
        : container,
    ),
  };
}

export function imageOf({ containerDefinitions = [] }: TaskDefinition | Registration): string | undefined {
  return containerDefinitions.find(({ name }) => name === CONTAINER)?.image;
}

/** Whether both make the same task; in the order of settings lies no meaning, and the label says what the image says. */
export function isSameTask(one: TaskDefinition | Registration, other: TaskDefinition | Registration): boolean {
  return isDeepStrictEqual(comparable(one), comparable(other));
}

function registrationOf(definition: TaskDefinition | Registration): Registration {
  const entries = Object.entries(definition).filter(([member]) => !SAID_BY_ECS.some((said) => said === member));
  return Object.fromEntries(entries) as unknown as Registration; // the other members are its own: see SAID_BY_ECS
}

function comparable(definition: TaskDefinition | Registration): unknown {
  const { containerDefinitions = [], ...rest } = registrationOf(definition);
  return JSON.parse(JSON.stringify({ ...rest, containerDefinitions: containerDefinitions.map(comparableContainer) }));
}

function comparableContainer({ dockerLabels = {}, environment = [], secrets = [], ...rest }: ContainerDefinition) {
  const { [BUILD_LABEL]: _, ...labels } = dockerLabels;
  return { ...rest, labels, environment: byName(environment), secrets: byName(secrets) };
}

function byName<Item extends { readonly name?: string | undefined }>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) => (one.name ?? '').localeCompare(other.name ?? ''));
}

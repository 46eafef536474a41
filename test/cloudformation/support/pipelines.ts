// What the rules of delivery look at: pipelines with their actions in the order in which they run, and what buildspec.yml hands to them.
import { PRODUCT_ROOT } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Value } from '../../../tools/cloudformation/template';
import { at, listAt, resourcesOf, textAt, type Found, type System } from './system';

export interface Action {
  readonly name: string;
  readonly stage: string;
  /** Category and provider: `Deploy CodeDeployToECS`. */
  readonly kind: string;
  /** Grows with time; equal for actions that run side by side. */
  readonly moment: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly value: Value;
}

export interface Stage {
  readonly name: string;
  readonly value: Value;
  readonly actions: readonly Action[];
}

/** More than the run orders that a stage may have. */
const RUN_ORDERS = 1000;

export function pipelines(system: System): Iterable<Found> {
  return resourcesOf(system, 'AWS::CodePipeline::Pipeline');
}

export function stagesOf({ Properties }: Found): Stage[] {
  return listAt(Properties, 'Stages').map((value, index) => {
    const name = textAt(value, 'Name');
    const actions = listAt(value, 'Actions').map((action): Action => {
      const namesAt = (key: string) => listAt(action, key).map((artifact) => textAt(artifact, 'Name'));
      return {
        name: textAt(action, 'Name'),
        stage: name,
        kind: `${textAt(action, 'ActionTypeId', 'Category')} ${textAt(action, 'ActionTypeId', 'Provider')}`,
        moment: index * RUN_ORDERS + Number(textAt(action, 'RunOrder') || '1'),
        inputs: namesAt('InputArtifacts'),
        outputs: namesAt('OutputArtifacts'),
        value: action,
      };
    });
    return { name, value, actions };
  });
}

export function actionsOf(pipeline: Found): Action[] {
  return stagesOf(pipeline).flatMap(({ actions }) => actions);
}

/** One value of an action's configuration; empty when it has none. */
export function setting(action: Action, key: string): string {
  return textAt(action.value, 'Configuration', key);
}

/** Rules of a stage's conditions before it is entered. */
export function entryRules({ value }: Stage): readonly Value[] {
  return listAt(value, 'BeforeEntry', 'Conditions').flatMap((condition) => listAt(condition, 'Rules'));
}

export interface Buildspec {
  readonly exported: readonly string[];
  readonly artifacts: readonly string[];
}

/** What a build hands on: exported variables, and artifacts by their identifiers. */
export function readBuildspec(): Buildspec {
  const text = readFileSync(join(PRODUCT_ROOT, 'buildspec.yml'), 'utf8');
  const document = parse(text) as Value;
  return {
    exported: listAt(document, 'env', 'exported-variables').map(String),
    artifacts: Object.keys(at(document, 'artifacts', 'secondary-artifacts') ?? {}),
  };
}

// CodePipeline: what its actions hand to each other, in which order they run, and when a stage is left out.
import type { Value } from '../../../tools/cloudformation/template';
import { actionsOf, entryRules, pipelines, readBuildspec, setting, stagesOf } from '../support/pipelines';
import type { Action, Stage } from '../support/pipelines';
import { faultOf, type Rule } from '../support/rule';
import { at, listAt, textAt } from '../support/system';

const buildspec = readBuildspec();

/** What sources say of themselves; CodePipeline user guide, "Variables reference". Of a build, what it exports. */
const COMMIT = ['AuthorDate', 'BranchName', 'CommitId', 'CommitMessage'];
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'Source CodeCommit': [...COMMIT, 'CommitterDate', 'RepositoryName'],
  'Source CodeStarSourceConnection': [...COMMIT, 'ConnectionArn', 'FullRepositoryName'],
  'Source S3': ['BucketName', 'ETag', 'ObjectKey', 'VersionId'],
  'Build CodeBuild': buildspec.exported,
};
const VARIABLE = /#\{([^.}]+)\.([^}]+)\}/g;

/** CodePipeline user guide, "VariableCheck"; and "Configure conditions for a stage": which rules may leave a stage out. */
const OPERATORS = ['EQ', 'NE', 'CONTAINS', 'MATCHES'];
const RULES_THAT_SKIP = ['VariableCheck', 'LambdaInvoke'];

const isRollout = ({ kind }: Action) => kind === 'Deploy CodeDeployToECS' || kind === 'Deploy ECS';
const rolledOut = ({ actions }: Stage) => actions.filter(isRollout).flatMap(({ inputs }) => inputs);

/** Namespace and name of each variable in a value, wherever it stands. */
function variablesIn(value: Value): [namespace: string, name: string][] {
  return [...JSON.stringify(value).matchAll(VARIABLE)].map(([, namespace = '', name = '']) => [namespace, name]);
}

export const DELIVERY_FLOW_RULES = {
  artifacts: {
    says: 'an action takes what an earlier one made, and names nothing else in its configuration',
    *faults(system) {
      for (const found of pipelines(system)) {
        const actions = actionsOf(found);
        const made = actions.flatMap(({ outputs }) => outputs);
        if (new Set(made).size !== made.length) yield faultOf(found, `makes an artifact twice: ${made.join(', ')}`);
        for (const action of actions) {
          const earlier = actions.filter(({ moment }) => moment < action.moment).flatMap(({ outputs }) => outputs);
          for (const input of action.inputs) {
            if (!earlier.includes(input))
              yield faultOf(found, `has ${action.stage} take ${input}, which nothing makes before`);
          }
          for (const [key, given] of Object.entries(at(action.value, 'Configuration') ?? {})) {
            if (/Artifact(Name)?$/.test(key) && !action.inputs.includes(String(given)))
              yield faultOf(found, `has ${action.stage} with ${key} ${String(given)}, which is none of its inputs`);
          }
        }
      }
    },
  },
  buildspec: {
    says: 'a build makes the artifacts that buildspec.yml names, and all that is made is rolled out',
    *faults(system) {
      for (const found of pipelines(system)) {
        const actions = actionsOf(found);
        for (const { kind, outputs } of actions) {
          if (kind === 'Build CodeBuild' && outputs.toSorted().join() !== buildspec.artifacts.toSorted().join())
            yield faultOf(found, `builds ${outputs.join(', ')}; buildspec.yml makes ${buildspec.artifacts.join(', ')}`);
        }
        const taken = actions.flatMap(({ inputs }) => inputs);
        for (const name of actions.flatMap(({ outputs }) => outputs))
          if (!taken.includes(name)) yield faultOf(found, `makes ${name}, which nothing takes`);
      }
    },
  },
  variables: {
    says: 'a variable belongs to an earlier action with that namespace, which makes it; and what a build exports is used',
    *faults(system) {
      for (const found of pipelines(system)) {
        const stages = stagesOf(found);
        for (const [index, stage] of stages.entries()) {
          const earlier = stages.slice(0, index).flatMap(({ actions }) => actions);
          for (const [namespace, name] of variablesIn(stage.value)) {
            const maker = earlier.find(({ value }) => textAt(value, 'Namespace') === namespace);
            if (!maker) yield faultOf(found, `has ${stage.name} read ${namespace}, which no earlier action is called`);
            else if (VARIABLES[maker.kind]?.includes(name) !== true)
              yield faultOf(found, `has ${stage.name} read ${name}, which ${maker.name} does not make`);
          }
        }
        const used = variablesIn(found.Properties).map(([, name]) => name);
        for (const name of buildspec.exported)
          if (!used.includes(name)) yield faultOf(found, `does not use ${name}, which buildspec.yml exports`);
      }
    },
  },
  skipping: {
    says: 'a stage that rolls a service out is left out when the build says that this service did not change, and only then',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const stage of stagesOf(found)) {
          const rolled = rolledOut(stage);
          if (rolled.length === 0) continue;
          const conditions = listAt(stage.value, 'BeforeEntry', 'Conditions');
          if (conditions.length !== 1 || textAt(conditions[0], 'Result') !== 'SKIP')
            yield faultOf(found, `has ${stage.name} without one condition that leaves it out (SKIP)`);
          const expected = rolled.map((name) => `#{BuildVariables.${name.toUpperCase()}_CHANGED} NE false`);
          const checks = entryRules(stage).map((rule) =>
            ['Variable', 'Operator', 'Value'].map((key) => textAt(rule, 'Configuration', key)).join(' '),
          );
          if (checks.join() !== expected.join())
            yield faultOf(found, `has ${stage.name} enter on [${checks.join()}], not on [${expected.join()}]`);
        }
      }
    },
  },
  conditions: {
    says: 'rules of conditions are those of AWS, configured as they want it',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const stage of stagesOf(found)) {
          for (const rule of entryRules(stage)) {
            const { Category, Owner, Provider, Version } = (at(rule, 'RuleTypeId') ?? {}) as Record<string, string>;
            const words = `has ${stage.name} with rule ${textAt(rule, 'Name')}`;
            if (Category !== 'Rule' || Owner !== 'AWS' || Version !== '1' || !RULES_THAT_SKIP.includes(Provider ?? ''))
              yield faultOf(found, `${words} of "${Provider}", which cannot leave a stage out`);
            const keys = Object.keys(at(rule, 'Configuration') ?? {}).toSorted();
            if (keys.join() !== 'Operator,Value,Variable') yield faultOf(found, `${words} with ${keys.join()}`);
            if (!OPERATORS.includes(textAt(rule, 'Configuration', 'Operator')))
              yield faultOf(found, `${words} that compares by ${textAt(rule, 'Configuration', 'Operator')}`);
          }
        }
      }
    },
  },
  order: {
    says: 'was is rolled out before web, each service in a stage of its own; who lets it through is asked first',
    *faults(system) {
      for (const found of pipelines(system)) {
        const stages = stagesOf(found);
        const services = stages.map(rolledOut).filter((names) => names.length > 0);
        if (services.some((names) => names.length > 1))
          yield faultOf(found, `rolls out ${services.map((names) => names.join('+')).join(', ')}`);
        if (services.flat().join() !== 'was,web,monitor')
          yield faultOf(found, `rolls out in the order ${services.flat().join()}`);
        for (const { name, actions } of stages) {
          const asked = actions.filter(({ kind }) => kind === 'Approval Manual').map(({ moment }) => moment);
          const begun = actions.filter(isRollout).map(({ moment }) => moment);
          if (Math.max(...asked, -1) >= Math.min(...begun, Infinity))
            yield faultOf(found, `has ${name} begin before it is approved`);
        }
      }
    },
  },
  failing: {
    says: 'a stage that fails ends its run: what rolls out takes itself back, and must neither be repeated nor be rolled back twice',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const { name, value } of stagesOf(found)) {
          for (const key of ['OnFailure', 'OnSuccess'])
            if (at(value, key) !== undefined) yield faultOf(found, `has ${name} with ${key}`);
        }
      }
    },
  },
  images: {
    says: 'a rollout by CodeDeploy puts the image of its own artifact in place of <IMAGE1_NAME>, which the build writes',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const action of actionsOf(found)) {
          if (action.kind !== 'Deploy CodeDeployToECS') continue;
          if (setting(action, 'Image1ContainerName') !== 'IMAGE1_NAME' || setting(action, 'Image1ArtifactName') === '')
            yield faultOf(found, `has ${action.stage} without an image for <IMAGE1_NAME>`);
        }
      }
    },
  },
} satisfies Record<string, Rule>;

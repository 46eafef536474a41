// docs/delivery.md says what the templates say: minutes, stages, values of a stage's file.
import { PRODUCT_ROOT } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipelines, stagesOf } from './support/pipelines';
import { loadSystem, resourcesOf, textAt, type Variant } from './support/system';

const system = loadSystem();
const { variants, templates } = system;
const text = readFileSync(join(PRODUCT_ROOT, 'docs', 'delivery.md'), 'utf8');

/** Cells of the row of a table that begins with a text. */
function row(begin: string): string[] {
  const line = text.split('\n').find((each) => each.startsWith(`| ${begin}`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
}

/** Minutes until all visitors have moved: CodeDeploy user guide, "Predefined deployment configurations". */
const MINUTES: Readonly<Record<string, string>> = {
  'CodeDeployDefault.ECSAllAtOnce': '0',
  'CodeDeployDefault.ECSLinear10PercentEvery1Minutes': '9',
  'CodeDeployDefault.ECSCanary10Percent5Minutes': '5',
};

function rolloutOf(variant: Variant | undefined): { moving: string | undefined; kept: string } {
  const [group] = variant ? [...resourcesOf(variant, 'AWS::CodeDeploy::DeploymentGroup')] : [];
  const kept = ['BlueGreenDeploymentConfiguration', 'TerminateBlueInstancesOnDeploymentSuccess'];
  return {
    moving: MINUTES[textAt(group?.Properties, 'DeploymentConfigName')],
    kept: textAt(group?.Properties, ...kept, 'TerminationWaitTimeInMinutes'),
  };
}

it.each(['demo', 'production'])('the minutes of %s are those of its rollouts', (stage) => {
  const column = row('of which').indexOf(`\`${stage}\``);
  const { moving, kept } = rolloutOf(variants.find(({ name }) => name === stage));

  expect([row('visitors move')[column], row('old version kept')[column]]).toEqual([moving, kept]);
});

it('each stage of the pipeline has a row that says what to do when it stops', () => {
  const names = [...pipelines(system)].flatMap((found) => stagesOf(found).map(({ name }) => name));

  expect([...new Set(names)].filter((name) => row(`${name} `).length < 4)).toEqual([]);
});

it('values of a stage’s file that it names are parameters', () => {
  const named = [...text.matchAll(/(?:^|`)([A-Z][A-Za-z]+): \S/gm)].map(([, name = '']) => name);
  const known = templates.flatMap(({ parameters }) => Object.keys(parameters));

  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

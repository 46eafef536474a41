// Whoever is woken finds what to do: every alarm, and every message of 70-observability, names a section of docs/operations.md, and every
// section there belongs to one.
import { PRODUCT_ROOT } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplates, readTemplate, TemplateResource } from '../../tools/cloudformation/template';

const { resources } = readTemplate(join(PRODUCT_ROOT, 'cloudformation/70-observability.yaml'));
const runbook = readFileSync(join(PRODUCT_ROOT, 'docs/operations.md'), 'utf8');
const isAlarm = ({ Type }: TemplateResource) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type);
const isRule = ({ Type }: TemplateResource) => Type === 'AWS::Events::Rule';
const all = Object.entries(resources);

/** `### Site answers slowly` -> `site-answers-slowly`, as GitHub makes anchors. */
function sectionsBelow(heading: string): Map<string, string> {
  const [, chapter = ''] = runbook.split(`\n## ${heading}\n`);
  const [text = ''] = chapter.split(/\n## /);
  return new Map(
    text
      .split('\n### ')
      .slice(1)
      .map((section) => {
        const [title = '', ...lines] = section.split('\n');
        return [title.toLowerCase().replaceAll(' ', '-'), lines.join('\n')];
      }),
  );
}

function namedIn(text: unknown): string | undefined {
  return /docs\/operations\.md#([a-z-]+)/.exec(JSON.stringify(text))?.[1];
}

it.each([
  ['Alarms', 'AlarmDescription', isAlarm, ['a-rollout-is-taken-back']], // of 50-services
  ['Messages', 'Description', isRule, ['budget']],
] as const)('%s and their sections agree', (heading, property, isMeant, others) => {
  const named = all
    .filter(([, resource]) => isMeant(resource))
    .map(([id, { Properties }]) => [id, namedIn(Properties[property])]);
  expect(named.filter(([, section]) => section === undefined)).toEqual([]);
  const sections = sectionsBelow(heading);
  expect([...sections.keys()].sort()).toEqual([...new Set([...named.map(([, section]) => section), ...others])].sort());
  for (const [section, text] of sections) {
    expect([section, ...(text.match(/\*\*(Means|See|Do)\*\*/g) ?? [])]).toEqual([
      section,
      '**Means**',
      '**See**',
      '**Do**',
    ]);
  }
});

it('alarms of other stacks, which take deployments back or start training, name a section too', () => {
  const alarms = loadTemplates().flatMap(({ area, resources: found }) =>
    area === 'observability' ? [] : Object.entries(found).filter(([, resource]) => isAlarm(resource)),
  );
  const sections = sectionsBelow('Alarms');
  const lost = alarms.filter(([, { Properties }]) => !sections.has(namedIn(Properties['AlarmDescription']) ?? ''));

  expect(alarms).toHaveLength(15);
  expect(lost.map(([id]) => id)).toEqual([]);
});

it('messages of rules name the section of their description', () => {
  for (const [, { Properties }] of all.filter(([, resource]) => isRule(resource))) {
    expect(namedIn(Properties['Targets'])).toBe(namedIn(Properties['Description']));
  }
});

it('every alarm tells somebody, by itself or through the alarm that gathers several', () => {
  const gathered = JSON.stringify(all.filter(([, { Type }]) => Type === 'AWS::CloudWatch::CompositeAlarm'));
  const silent = all
    .filter(([, resource]) => isAlarm(resource))
    .filter(([id, { Properties }]) => Properties['AlarmActions'] === undefined && !gathered.includes(`\${${id}}`));
  expect(silent.map(([id]) => id)).toEqual([]);
});

it('the dashboard is one document that shows every alarm', () => {
  const body = (resources['Dashboard']?.Properties['DashboardBody'] as { 'Fn::Sub': string })['Fn::Sub'];
  const { widgets } = JSON.parse(body) as { widgets: { type: string; properties: { alarms?: string[] } }[] };
  const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
  const alarms = all.filter(([, resource]) => isAlarm(resource)).map(([id]) => id);
  expect(shown.map((arn) => /:alarm:\$\{(\w+)\}$/.exec(arn)?.[1]).sort()).toEqual(alarms.sort());
});

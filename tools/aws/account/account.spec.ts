// What is read from an account, without one: colours of listeners, names of images, artifacts.
import { createHash } from 'node:crypto';
import { loadTemplates } from '../../cloudformation/template';
import { codeKeyParameter, collectArtifacts, functionNames } from '../artifacts/artifacts';
import { zipOf } from '../artifacts/function-bundle';
import { knowsActionsOf } from '../preflight/required-actions';
import { parseImageOption } from './images';
import { liveColour } from './live-colours';

describe('the live colour', () => {
  const forward = (weights: Record<string, number>) => [
    {
      Type: 'forward' as const,
      ForwardConfig: {
        TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
      },
    },
  ];
  it.each([
    [{ blue: 1 }, 'blue'],
    [{ blue: 0, green: 100 }, 'green'],
    [{ blue: 90, green: 10 }, 'shifting'],
    [{ other: 1 }, 'elsewhere'],
  ])('of %j is %s', (weights, live) => expect(liveColour(forward(weights), (colour) => colour)).toBe(live));
});

describe('an image', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it('is named with its digest', () => {
    expect(parseImageOption(`web=r/web@${digest}`)).toEqual(['web', `r/web@${digest}`]);
    expect(() => parseImageOption('web=r/web:latest')).toThrow('needs a digest');
    expect(() => parseImageOption(`shop=r/web@${digest}`)).toThrow('one of web, was, monitor, model');
    expect(() => parseImageOption('web')).toThrow('NAME=URI');
  });
});

describe('artifacts', () => {
  it('are what the templates ask for, under the hash of their content, twice the same', async () => {
    const parameters = new Set(loadTemplates().flatMap((template) => Object.keys(template.parameters)));
    const artifacts = await collectArtifacts(parameters);
    expect(artifacts.map(({ parameter }) => parameter)).toEqual([
      ...functionNames().map(codeKeyParameter),
      'PipelineDefinitionKey',
    ]);
    const again = await collectArtifacts(parameters);
    expect(again.map(({ key }) => key)).toEqual(artifacts.map(({ key }) => key));
    for (const { key } of artifacts) expect(key).toMatch(/^(functions\/[a-z-]+|pipelines)\/[0-9a-f]{64}\.(zip|json)$/);
  });

  it('are the same archive whenever and wherever they are made', async () => {
    const zip = await zipOf('index.js', Buffer.from('exports.handler = () => 1;'));
    const before = process.env['TZ'];
    process.env['TZ'] = 'Asia/Seoul';
    const elsewhere = await zipOf('index.js', Buffer.from('exports.handler = () => 1;'));
    process.env['TZ'] = before;
    const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');
    expect(hash(elsewhere)).toBe(hash(zip));
  });
});

describe('permissions', () => {
  it('are known for every type in the templates', () => {
    const types = new Set(loadTemplates().flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type)));
    expect([...types].filter((type) => !knowsActionsOf(type))).toEqual([]);
  });
});

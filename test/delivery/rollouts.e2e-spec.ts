// What is rolled out, and whether: files in the shapes of ECS and CodeDeploy, made of what the templates register and of what runs.
import * as ecs from '@aws-sdk/client-ecs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { PRODUCT_ROOT } from '@app/platform';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderAppspec } from '../../tools/delivery/appspec';
import { planRollouts, type Rollout } from '../../tools/delivery/rollout';
import { readStageValues } from '../../tools/delivery/stage-values';
import { SAID_BY_ECS } from '../../tools/delivery/task-definition';
import { inputFaults } from '../support/sdk-shapes';
import { ScriptedAccount } from './support/scripted-account';
import { demoVariant, registeredDefinition, saidByEcs, SERVICES, type ServiceName } from './support/template-account';

const VARIANT = demoVariant();
const APPSPEC = readFileSync(join(PRODUCT_ROOT, 'appspec.yaml'), 'utf8');
const STAGE = { project: 'image-classifier', stage: 'demo' };
const PLACE = {
  capacityProvider: 'FARGATE',
  subnets: ['subnet-1'],
  securityGroups: ['sg-1'],
  assignPublicIp: 'ENABLED',
};

let account: ScriptedAccount;
let clients: { ecs: ecs.ECSClient; ssm: SSMClient };

beforeEach(async () => {
  account = await ScriptedAccount.start(mkdtempSync(join(tmpdir(), 'record-')));
  clients = { ecs: new ecs.ECSClient(account.clientOptions), ssm: new SSMClient(account.clientOptions) };
  // All is as the last build wanted it.
  for (const name of SERVICES) {
    account.values.set(`/image-classifier/demo/images/${name}`, imageOf(name).uri);
    account.rollOut(name, definitionOf(name, 1));
  }
});

afterEach(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await account.stop();
  expect(account.shapeFaults).toEqual([]);
});

function imageOf(name: string) {
  const [repository, digest] = [`demo/${name}`, `sha256:${'a'.repeat(64)}`];
  return {
    key: 'c'.repeat(40),
    repository,
    digest,
    uri: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${repository}@${digest}`,
  };
}

/** As the stack registers it, with the image of the build. */
function definitionOf(name: ServiceName, revision: number, change: Partial<ecs.ContainerDefinition> = {}) {
  const definition = registeredDefinition(VARIANT, name);
  const containers =
    definition.containerDefinitions?.map((app) => ({ ...app, image: imageOf(name).uri, ...change })) ?? [];
  return { ...definition, containerDefinitions: containers, ...saidByEcs(definition.family ?? '', revision) };
}

async function plan(): Promise<Record<ServiceName, Rollout>> {
  const rollouts = await planRollouts({
    ecs: clients.ecs,
    stage: STAGE,
    images: { was: imageOf('was'), web: imageOf('web'), monitor: imageOf('monitor') },
    values: await readStageValues(clients.ssm, STAGE),
    appspec: APPSPEC,
  });
  return Object.fromEntries(rollouts.map((rollout) => [rollout.service, rollout])) as Record<ServiceName, Rollout>; // one of each
}

async function reasons(): Promise<Record<string, readonly string[]>> {
  const { was, web, monitor } = await plan();
  return { was: was.reasons, web: web.reasons, monitor: monitor.reasons };
}

describe('the task definition of a rollout', () => {
  it.each(['was', 'web'] as const)('of %s is that of the template in all but image and label', async (name) => {
    const text = (await plan())[name].files['taskdef.json'] ?? '';
    const { containerDefinitions: [app, ...others] = [], ...rest } = JSON.parse(
      text,
    ) as ecs.RegisterTaskDefinitionRequest;

    const stack = registeredDefinition(VARIANT, name);
    const { containerDefinitions: [wanted] = [], ...wantedRest } = stack;
    const kept = Object.entries(wantedRest).filter(([member]) => !SAID_BY_ECS.some((said) => said === member));
    expect(rest).toEqual(Object.fromEntries(kept));
    expect(app).toEqual({ ...wanted, image: '<IMAGE1_NAME>', dockerLabels: { build: 'c'.repeat(12) } });
    expect(others).toEqual([]);
    expect(inputFaults(ecs.RegisterTaskDefinition$, JSON.parse(text))).toEqual([]);
  });

  it('leaves out what ECS says and does not take, and nothing else', () => {
    const [taken, said] = [ecs.RegisterTaskDefinitionRequest$, ecs.TaskDefinition$].map((schema) => schema[4]);

    expect(said?.filter((member) => taken?.includes(member) !== true).toSorted()).toEqual([...SAID_BY_ECS].toSorted());
  });

  it('is the newest that is registered, whoever did it', async () => {
    account.register(definitionOf('web', 5, { stopTimeout: 99 }));

    expect((await plan()).web.files['taskdef.json']).toContain('"stopTimeout": 99');
  });
});

describe('the appspec of a rollout', () => {
  // CodeDeploy user guide, "AppSpec file structure": names and nesting of a deployment to ECS.
  it.each(['was', 'web'] as const)('of %s is what CodeDeploy takes', async (name) => {
    const text = (await plan())[name].files['appspec.yaml'] ?? '';
    const value = (path: string) => account.values.get(`/image-classifier/demo/${path}`) ?? '';

    expect(text).toContain('version: 0.0\n');
    expect(parse(text)).toEqual({
      version: 0,
      Resources: [
        {
          TargetService: {
            Type: 'AWS::ECS::Service',
            Properties: {
              TaskDefinition: '<TASK_DEFINITION>',
              LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 },
              CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Base: 0, Weight: 1 }],
              NetworkConfiguration: {
                AwsvpcConfiguration: {
                  Subnets: value('network/service-subnet-ids').split(','),
                  SecurityGroups: [value(`network/${name}-security-group-id`)],
                  AssignPublicIp: 'ENABLED',
                },
              },
            },
          },
        },
      ],
      Hooks: [{ AfterAllowTestTraffic: 'CodeDeployHook_image-classifier-demo' }],
    });
  });

  it('names container and port of both task definitions, and values that ECS takes', async () => {
    for (const name of ['was', 'web'] as const) {
      const [app] = registeredDefinition(VARIANT, name).containerDefinitions ?? [];
      expect([app?.name, app?.portMappings?.[0]?.containerPort]).toEqual(['app', 8080]);
    }
    const { Properties } = (parse((await plan()).web.files['appspec.yaml'] ?? '') as Appspec).Resources[0]
      .TargetService;
    const lowerCased = JSON.parse(
      JSON.stringify(Properties).replaceAll(
        /"([A-Z])(\w*)":/g,
        (_, first: string, rest: string) => `"${first.toLowerCase()}${rest}":`,
      ),
    ) as Record<string, object>;
    const { capacityProviderStrategy, networkConfiguration } = lowerCased;
    const taskSet = { cluster: 'a', service: 'b', taskDefinition: 'c', capacityProviderStrategy, networkConfiguration };

    expect(inputFaults(ecs.CreateTaskSet$, taskSet)).toEqual([]);
  });

  it('is refused when something in it would stay open', () => {
    expect(() => renderAppspec(`${APPSPEC}\n# <COLOUR>`, PLACE, 'hook')).toThrow(
      'appspec.yaml has <COLOUR>, which nothing fills in.',
    );
    expect(() => renderAppspec(APPSPEC.replace('<SUBNETS>', '[]'), PLACE, 'hook')).toThrow(
      'appspec.yaml has no <SUBNETS>.',
    );
  });
});

interface Appspec {
  readonly Resources: readonly [{ readonly TargetService: { readonly Properties: object } }];
}

describe('a service', () => {
  it('is left out when what runs is what was built, and what the last build recorded', async () => {
    expect(await reasons()).toEqual({ was: [], web: [], monitor: [] });
  });

  it('is left out as well when only its label and the order of its settings differ', async () => {
    const environment = registeredDefinition(VARIANT, 'web').containerDefinitions?.[0]?.environment?.toReversed();
    account.register(definitionOf('web', 3, { ...(environment && { environment }), dockerLabels: { build: 'older' } }));

    expect((await reasons())['web']).toEqual([]);
  });

  it('is rolled out when another image runs, though the last build recorded this one: a rollout was taken back', async () => {
    for (const name of SERVICES) account.rollOut(name, definitionOf(name, 2, { image: 'another' }));

    expect(await reasons()).toMatchObject({
      was: ['its image is new'],
      web: ['its image is new'],
      monitor: ['its image is new'],
    });
  });

  it('is rolled out when the build before had another image, whose rollout may be on its way', async () => {
    account.values.set('/image-classifier/demo/images/was', 'another');
    account.values.delete('/image-classifier/demo/images/monitor');

    const words = ['the build before this one had another image'];
    expect(await reasons()).toEqual({ was: words, web: [], monitor: words });
  });

  it('is rolled out when a newer definition is registered, or its tasks belong elsewhere', async () => {
    account.register(definitionOf('was', 3, { stopTimeout: 99 }));
    account.values.set('/image-classifier/demo/services/capacity-provider', 'FARGATE');

    expect(await reasons()).toEqual({
      was: ['its task definition is new', 'its tasks belong elsewhere'],
      web: ['its tasks belong elsewhere'],
      monitor: [],
    });
  });

  it('is rolled out when nothing runs', async () => {
    account.services.set('web', { ...account.services.get('web'), taskSets: [] });

    expect((await reasons())['web']).toEqual(['nothing runs']);
  });

  it('that is not there, or that no stack has handed over, is told', async () => {
    account.services.delete('web');
    await expect(plan()).rejects.toThrow(/^There is no service \S+ in \S+\.$/);

    account.values.delete('/image-classifier/demo/services/web-service-name');
    await expect(plan()).rejects.toThrow(
      'No stack of stage demo has handed over /image-classifier/demo/services/web-service-name: npm run deploy -- --stage demo brings the stage up to date.',
    );
  });
});

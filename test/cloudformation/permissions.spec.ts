// Roles may do what their programs do, no less and no more.
import { changed } from './support/change';
import { neededBy, ROLES } from './support/needed-actions';
import { sdkCallsOf } from './support/sdk-calls';
import { statementsOfResource } from './support/statements';
import { listAt, loadSystem, referred, resourcesOf, type System } from './support/system';

const system = loadSystem();

/** `services WasTaskRole` -> what it is allowed, in any variant, by policies of its own and by those that several roles share. */
function grants(of: System): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const policies = [...resourcesOf(of, 'AWS::IAM::Role'), ...resourcesOf(of, 'AWS::IAM::Policy')];
  for (const policy of policies) {
    const roles =
      policy.Type === 'AWS::IAM::Role'
        ? [policy]
        : listAt(policy.Properties, 'Roles').flatMap((role) => referred(policy.stack.variant, role) ?? []);
    for (const role of roles) {
      const name = `${role.stack.template.area} ${role.logicalId}`;
      const actions = found.get(name) ?? new Set();
      found.set(name, actions);
      for (const { kind, effect, actions: allowed } of statementsOfResource(policy)) {
        if (kind === 'identity' && effect === 'Allow') for (const action of allowed) actions.add(action);
      }
    }
  }
  return found;
}

function compared(of: System, role: string): { missing: string[]; superfluous: string[] } {
  const granted = grants(of).get(role) ?? new Set();
  const needed = neededBy(ROLES[role] ?? { beside: {} });
  return {
    missing: needed.filter((action) => !granted.has(action)),
    superfluous: [...granted].filter((action) => !needed.includes(action)).sort(),
  };
}

describe('permissions', () => {
  it.each(Object.keys(ROLES))('of %s are those that it needs', (role) => {
    expect(compared(system, role)).toEqual({ missing: [], superfluous: [] });
  });

  it('are known of every role', () => {
    expect([...grants(system).keys()].sort()).toEqual(Object.keys(ROLES).sort());
  });

  it('that are missing or superfluous are seen', () => {
    const place = ['resources', 'WasTaskRole', 'Properties', 'Policies', 0, 'PolicyDocument', 'Statement', 0, 'Action'];
    const broken = changed(system, 'services', place, 'sagemaker:DeleteEndpoint');

    expect(compared(broken, 'services WasTaskRole')).toEqual({
      missing: ['sagemaker:InvokeEndpoint'],
      superfluous: ['sagemaker:DeleteEndpoint'],
    });
  });

  it('come from the calls of what a program imports, through barrels but not from all of them', () => {
    expect(sdkCallsOf('apps/monitor/src/main.ts')).toEqual([
      's3:CopyObject',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListObjectsV2',
      's3:PutObject',
    ]);
    expect(sdkCallsOf('apps/functions/src/deploy-model/handler.ts')).toContain('sagemaker:UpdateEndpoint');
    expect(sdkCallsOf('apps/functions/src/deploy-model/handler.ts')).not.toContain('sagemaker:UpdateModelPackage');
    expect(sdkCallsOf('apps/pipeline/src/main.ts')).toContain('sagemaker:UpdateModelPackage');
  });
});

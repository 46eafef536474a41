import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parameterFault, readStage, resolveStage, stageFaults, stageNames } from './stage';
import { parseTemplate } from './template';

const COMMON = `
  Project: { Type: String, Default: image-classifier }
  Stage: { Type: String, Default: demo, AllowedPattern: '[a-z]+' }`;

const network = parseTemplate(
  `Parameters:${COMMON}
  Zones: { Type: Number, Default: 2, AllowedValues: [2, 3] }
Conditions:
  HasThird: !Equals [!Ref Zones, 3]
Resources:
  A: { Type: 'AWS::EC2::Subnet' }
  B: { Type: 'AWS::EC2::Subnet' }
  Ids:
    Type: AWS::SSM::Parameter
    Properties:
      Name: !Sub /\${Project}/\${Stage}/network/subnets
      Value: !Join [',', [!Ref A, !Ref B, !If [HasThird, c, !Ref 'AWS::NoValue']]]
`,
  '00-network.yaml',
);
const services = parseTemplate(
  `Parameters:${COMMON}
  Subnets: { Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>', Default: /image-classifier/demo/network/subnets }
Resources:
  Service: { Type: 'AWS::ECS::Service', Properties: { Subnets: !Ref Subnets, First: !Select [0, !Ref Subnets] } }
`,
  '50-services.yaml',
);

describe('a stage', () => {
  it('hands values from stack to stack, whatever project and stage are called', () => {
    const [, resolved] = resolveStage([network, services], { Project: 'photos', Stage: 'live', Zones: 3 });

    expect(resolved?.resources.Service?.Properties).toEqual({
      Subnets: ['${network:A}', '${network:B}', 'c'],
      First: '${network:A}',
    });
  });

  it('has known names and allowed values', () => {
    expect(stageFaults([network, services], { Zones: 2, Stage: 'demo' })).toEqual([]);
    expect(stageFaults([network, services], { Zones: 4, Stage: 'Demo', Zone: 1 })).toEqual([
      'Zones of 00-network.yaml is one of "2", "3"; not "4"',
      'Stage of 00-network.yaml matches [a-z]+; "Demo" does not',
      'Stage of 50-services.yaml matches [a-z]+; "Demo" does not',
      'Zone is no parameter of any template',
    ]);
  });

  it.each([
    [{ Type: 'Number', MinValue: 1, MaxValue: 3 }, 'x', 'is a number; not "x"'],
    [{ Type: 'Number', MinValue: 1, MaxValue: 3 }, 0, 'is at least 1; not 0'],
    [{ Type: 'Number', MinValue: 1, MaxValue: 3 }, 4, 'is at most 3; not 4'],
    [{ Type: 'Number', MinValue: 1, MaxValue: 3 }, 3, undefined],
    [{ Type: 'String', MinLength: 2 }, 'a', 'has at least 2 characters'],
    [{ Type: 'String', MaxLength: 2 }, 'abc', 'has at most 2 characters'],
    [{ Type: 'String', AllowedPattern: 'a+', ConstraintDescription: 'is only a' }, 'ab', 'is only a'],
  ])('a parameter %j given %j %s', (parameter, value, fault) => {
    expect(parameterFault(parameter, value)).toBe(fault);
  });

  it('is read from a file that holds a flat map', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stages-'));
    writeFileSync(join(folder, 'demo.yaml'), '# cheapest\nZones: 2\nWaf: false\n');
    writeFileSync(join(folder, 'deep.yaml'), 'Zones: { a: 1 }\n');

    expect(stageNames(folder)).toEqual(['deep', 'demo']);
    expect(readStage('demo', folder)).toEqual({ Zones: 2, Waf: false });
    expect(() => readStage('deep', folder)).toThrow('deep.yaml is not a flat map');
    rmSync(folder, { recursive: true });
  });
});

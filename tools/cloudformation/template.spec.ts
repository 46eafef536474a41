import { parseTemplate, TemplateError } from './template';

const TEXT = `# What it holds.
Description: A sample
Parameters:
  Stage:
    Type: String
    Default: demo
Conditions:
  IsDemo: !Equals [!Ref Stage, demo]
  IsOther: !Not [!Condition IsDemo]
Resources:
  Role:
    Type: AWS::IAM::Role
    DependsOn: Bucket
    Condition: IsDemo
    DeletionPolicy: Retain
    Properties:
      # Why it is allowed.
      RoleName: !Sub \${Stage}-role
      Arn: !GetAtt Bucket.Nested.Arn
      Names: !If
        - IsDemo
        - [a, !Select [0, !Split [',', 'b,c']]]
        - !Ref AWS::NoValue
      Policies:
        - PolicyName: one
          Version: 2012-10-17
        - Fn::Transform: { Name: x }
  Bucket:
    Type: AWS::S3::Bucket
Outputs:
  Name:
    Value: !Ref Bucket
`;

describe('parseTemplate', () => {
  const template = parseTemplate(TEXT, '10-storage.yaml');

  it('turns short forms into long forms, at any depth', () => {
    expect(template.conditions).toEqual({
      IsDemo: { 'Fn::Equals': [{ Ref: 'Stage' }, 'demo'] },
      IsOther: { 'Fn::Not': [{ Condition: 'IsDemo' }] },
    });
    expect(template.resources.Role?.Properties).toEqual({
      RoleName: { 'Fn::Sub': '${Stage}-role' },
      Arn: { 'Fn::GetAtt': ['Bucket', 'Nested.Arn'] },
      Names: {
        'Fn::If': ['IsDemo', ['a', { 'Fn::Select': [0, { 'Fn::Split': [',', 'b,c'] }] }], { Ref: 'AWS::NoValue' }],
      },
      Policies: [{ PolicyName: 'one', Version: '2012-10-17' }, { 'Fn::Transform': { Name: 'x' } }],
    });
  });

  it('gives every resource properties and a list of what it depends on', () => {
    expect(template.resources.Role).toMatchObject({
      Type: 'AWS::IAM::Role',
      DependsOn: ['Bucket'],
      Condition: 'IsDemo',
      DeletionPolicy: 'Retain',
    });
    expect(template.resources.Bucket).toEqual({ Type: 'AWS::S3::Bucket', Properties: {}, DependsOn: [] });
  });

  it('has the area, the description, parameters and outputs', () => {
    expect(template).toMatchObject({
      area: 'storage',
      description: 'A sample',
      parameters: { Stage: { Type: 'String', Default: 'demo' } },
      outputs: { Name: { Value: { Ref: 'Bucket' } } },
    });
  });

  it.each([
    [['Resources', 'Role'], 'Role:'],
    [['Resources', 'Role', 'Properties', 'RoleName'], 'RoleName:'],
    [['Resources', 'Role', 'Properties', 'Names', 'Fn::If', 2], '!Ref AWS::NoValue'],
    [['Resources', 'Role', 'Properties', 'Policies', 1], 'Fn::Transform'],
    [['Resources', 'Role', 'Properties', 'Policies', 0, 'Version', 'deeper'], 'Version:'],
  ])('knows the line of %j', (path, words) => {
    expect(TEXT.split('\n')[template.lineOf(path) - 1]).toContain(words);
  });

  it.each([
    ['A: !Reff B', 'sample.yaml:1: Unresolved tag: !Reff'],
    ['A: 1\nA: 2', 'sample.yaml:2: Map keys must be unique'],
    ['Resources:\n  A:\n    Properties: {}', 'sample.yaml:2: a resource has a Type'],
    ['A: &a 1\nB: *a', 'sample.yaml:2: CloudFormation knows no YAML aliases'],
  ])('refuses %j with the place and the reason', (text, message) => {
    expect(() => parseTemplate(text, 'sample.yaml')).toThrow(TemplateError);
    expect(() => parseTemplate(text, 'sample.yaml')).toThrow(message);
  });
});

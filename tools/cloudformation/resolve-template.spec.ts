import { resolveTemplate, type ResolveInput } from './resolve-template';
import { parseTemplate, TemplateError } from './template';

const PARAMETERS = `
Parameters:
  Stage: { Type: String, Default: demo }
  Count: { Type: Number, Default: 2 }
  Names: { Type: CommaDelimitedList, Default: 'a, b' }
  VpcId: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>', Default: /app/demo/network/vpc-id }
  Subnets: { Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>', Default: /app/demo/network/subnets }
Mappings:
  Sizes: { demo: { small: 1 } }
Conditions:
  IsDemo: !Equals [!Ref Stage, demo]
  IsTwo: !Equals [!Ref Count, '2']
  IsBoth: !And [!Condition IsDemo, !Condition IsTwo]
  IsNeither: !Not [!Or [!Condition IsDemo, !Condition IsTwo]]
`;

function resolved(value: string, input?: ResolveInput) {
  const text = `${PARAMETERS}Resources:\n  One: { Type: A, Properties: { x: ${value} } }\n  Two: { Type: B, Condition: IsNeither }\n`;
  return resolveTemplate(parseTemplate(text, '00-network.yaml'), input);
}

describe('resolveTemplate', () => {
  it.each([
    ['!Ref Stage', 'demo'],
    ['!Ref Count', 2],
    ['!Ref Names', ['a', 'b']],
    ['!Ref VpcId', '${/app/demo/network/vpc-id}'],
    ['!Select [1, !Ref Subnets]', '${/app/demo/network/subnets[1]}'],
    ['!Ref One', '${network:One}'],
    ['!GetAtt One.Arn', '${network:One.Arn}'],
    [
      '!Sub "${Stage}/${One}/${One.Arn}/${AWS::Region}/${!Literal}"',
      'demo/${network:One}/${network:One.Arn}/us-east-1/${Literal}',
    ],
    ['!Sub ["${Stage}-${Own}", { Own: !Ref Count }]', 'demo-2'],
    ['!If [IsBoth, { a: !Ref Stage, b: !Ref "AWS::NoValue" }, 1]', { a: 'demo' }],
    ['[!Ref "AWS::NoValue", !If [IsNeither, 1, 2]]', [2]],
    ['!Join ["-", [!Ref Stage, !Ref Count]]', 'demo-2'],
    ['!Join [",", !Ref Names]', 'a,b'],
    ['!Select [1, !Split ["-", "a-b"]]', 'b'],
    ['!Select [1, !Split [/, !Ref One]]', '${network:One[/1]}'],
    ['!Split [/, !GetAtt One.Arn]', ['${network:One.Arn}']],
    ['!FindInMap [Sizes, !Ref Stage, small]', 1],
    ['!Select [0, !GetAZs ""]', 'us-east-1a'],
    ['!Ref AWS::StackName', '-demo-network'],
  ])('works out %s', (value, expected) => {
    expect(resolved(value).resources.One?.Properties.x).toEqual(expected);
  });

  it('has the conditions, and only the resources whose condition holds', () => {
    const inDemo = resolved('1');
    const elsewhere = resolved('1', { parameters: { Stage: 'other', Count: '3' } });

    expect(inDemo.conditions).toEqual({ IsDemo: true, IsTwo: true, IsBoth: true, IsNeither: false });
    expect(Object.keys(inDemo.resources)).toEqual(['One']);
    expect(Object.keys(elsewhere.resources)).toEqual(['One', 'Two']);
  });

  it('takes values of SSM parameters, and values in place of symbols', () => {
    const ssm = new Map([['/app/demo/network/subnets', 'subnet-1,subnet-2']]);
    const attributeOf = (id: string, attribute?: string) => (attribute === 'Arn' ? `arn:${id}` : undefined);

    expect(resolved('!Select [1, !Ref Subnets]', { ssm }).resources.One?.Properties.x).toBe('subnet-2');
    expect(resolved('[!GetAtt One.Arn, !Ref One]', { attributeOf }).resources.One?.Properties.x).toEqual([
      'arn:One',
      '${network:One}',
    ]);
  });

  it.each([
    ['!Ref Nothing', 'there is neither a parameter nor a resource Nothing'],
    ['!GetAtt Nothing.Arn', 'there is no resource Nothing'],
    ['!If [IsNothing, 1, 2]', 'there is no condition IsNothing'],
    ['!Select [2, !Ref Names]', 'there is no item 2 in ["a","b"]'],
    ['!FindInMap [Sizes, demo, large]', 'there is nothing at Sizes.demo.large'],
    ['!Cidr [a, 1, 2]', 'Fn::Cidr is not understood here'],
  ])('says what is wrong with %s', (value, message) => {
    expect(() => resolved(value)).toThrow(TemplateError);
    expect(() => resolved(value)).toThrow(message);
  });

  it('wants a value for a parameter without a default', () => {
    const template = parseTemplate('Parameters:\n  Image: { Type: String }\nResources: {}', '50-services.yaml');

    expect(() => resolveTemplate(template)).toThrow('50-services.yaml:2: parameter Image has no value and no default');
  });
});

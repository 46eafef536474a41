import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTemplate } from '../../cloudformation/template';
import { readStageFile } from './stage-file';

const templates = [
  parseTemplate(
    `Parameters:
  Project: { Type: String, Default: image-classifier }
  NatMode: { Type: String, Default: none, AllowedValues: [none, single] }
  Days: { Type: Number, MinValue: 1 }
  VpcId: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /image-classifier/demo/network/vpc-id }
Resources: {}`,
    '00-network.yaml',
  ),
];

describe('a stage file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'stages-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    writeFileSync(join(folder, 'demo.yaml'), text);
    return readStageFile('demo', templates, folder);
  };

  it('gives texts', () => {
    expect(read('# cheap\nNatMode: none\nDays: 07\n')).toEqual({ NatMode: 'none', Days: '07' });
    expect(read('')).toEqual({});
  });

  it('is refused with all its faults and their lines', () => {
    expect(() =>
      read('NatMode: many\n\nDays: 0\nnatMode: none\nVpcId: vpc-1\nProject: mine\nDeep: { a: 1 }\n'),
    ).toThrow(
      [
        'cloudformation/stages/demo.yaml cannot be used:',
        "  line 7: Deep has one value; an empty one is written ''",
        '  line 1: NatMode is one of "none", "single"; not "many"',
        '  line 3: Days is at least 1; not 0',
        '  line 4: no template has a parameter natMode; is NatMode meant?',
        '  line 5: no template has a parameter VpcId',
        '  line 6: no template has a parameter Project',
      ].join('\n'),
    );
    expect(() => read('Days: 1\nDays: 2\n')).toThrow('line 2: Map keys must be unique');
    expect(() => read('- a\n')).toThrow('no list of "Name: value"');
  });

  it('that is not there comes with the command that makes one', () => {
    read('');
    expect(() => readStageFile('mine', templates, folder)).toThrow(
      'cp cloudformation/stages/demo.yaml cloudformation/stages/mine.yaml',
    );
  });
});

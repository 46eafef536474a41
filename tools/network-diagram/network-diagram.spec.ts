import { readStage, resolveStage } from '../cloudformation/stage';
import { loadTemplates } from '../cloudformation/template';
import { networkDiagram } from './network-diagram';

const templates = loadTemplates();
const given = Object.fromEntries(
  templates
    .flatMap(({ parameters }) => Object.entries(parameters))
    .map(([name, { Default = 'given' }]) => [name, Default]),
);

function diagram(values: Record<string, string | number>): string[] {
  const own = Object.entries(given).filter(([, value]) => !String(value).startsWith('/image-classifier/'));
  return networkDiagram(
    resolveStage(templates, { ...Object.fromEntries(own), ...readStage('production'), ...values }),
  ).split('\n');
}

describe('the diagram of the network', () => {
  it('shows the way of a photo, and nothing that leads past it', () => {
    const arrows = diagram({ NatMode: 'single', CertificateArn: 'arn' }).filter((line) => line.includes('-->'));

    expect(arrows).toEqual(
      expect.arrayContaining([
        '  internet -->|80, 443| PublicLoadBalancer',
        '  PublicLoadBalancer -->|8080| Web',
        '  Web -->|80| InternalLoadBalancer',
        '  InternalLoadBalancer -->|8080| Was',
        '  Was -->|8082| Monitor',
        '  Function -->|8080| Web',
        '  Function -->|8080| Was',
      ]),
    );
    expect(arrows.filter((line) => line.startsWith('  internet'))).toHaveLength(1);
    expect(arrows.filter((line) => line.startsWith('  Function'))).toHaveLength(2);
    expect(arrows.filter((line) => line.startsWith('  Web'))).toEqual([
      '  Web -->|80| InternalLoadBalancer',
      '  Web -->|443| nat',
    ]);
  });

  it('puts tasks where they stand: in private subnets with NAT, in public ones without', () => {
    const lines = { withNat: diagram({ NatMode: 'single' }), without: diagram({ NatMode: 'none' }) };
    const isPrivate = (all: string[]) =>
      all.findIndex((line) => line.includes('Was[')) > all.findIndex((line) => line.includes('subgraph private'));

    expect([isPrivate(lines.withNat), isPrivate(lines.without)]).toEqual([true, false]);
    expect(lines.without.join('\n')).not.toContain('nat');
  });

  it('leads to endpoints in the VPC alone when the way out is closed', () => {
    const closed = diagram({ NatMode: 'none', InterfaceEndpoints: 'true', S3PrefixListId: 'pl-1' });

    expect(closed).toEqual(
      expect.arrayContaining(['  Was -->|443| Endpoint', '  Was -->|443| s3', '  Endpoint -->|443| aws']),
    );
    expect(closed.filter((line) => line.startsWith('  Was -->'))).toHaveLength(3);
  });

  it('has nodes for all ends of arrows, and brackets that close', () => {
    const lines = diagram({});
    const ends = lines.flatMap((line) => /^ +(\w+) -->(?:\|[\w, -]+\|)? (\w+)$/.exec(line)?.slice(1) ?? []);
    const nodes = lines.flatMap((line) => /^ +(\w+)(?:\["[^"]+"\]|\(\["[^"]+"\]\))$/.exec(line)?.[1] ?? []);

    expect(ends.filter((end) => !nodes.includes(end))).toEqual([]);
    expect(lines.filter((line) => line.trim() === 'end')).toHaveLength(
      lines.filter((line) => line.includes('subgraph')).length,
    );
    expect(
      lines.filter(
        (line) =>
          !/^(flowchart LR| +(subgraph \w+\["[^"]+"\]|end|\w+(\["[^"]+"\]|\(\["[^"]+"\]\))|\w+ -->(\|[\w, -]+\|)? \w+))$/.test(
            line,
          ),
      ),
    ).toEqual([]);
  });
});

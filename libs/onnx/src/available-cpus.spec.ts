import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableCpus, parseCpuQuota } from './available-cpus';

describe('parseCpuQuota', () => {
  it.each([
    ['200000 100000\n', 2],
    ['50000 100000', 0.5],
    ['max 100000\n', undefined],
    ['-1 100000', undefined],
    [' ', undefined],
    ['nonsense', undefined],
  ])('reads %j as %p', (text, cpus) => {
    expect(parseCpuQuota(text)).toBe(cpus);
  });
});

describe('availableCpus', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cgroup-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const cgroup = (contents: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
    return { cpuMax: join(folder, 'max'), cfsQuota: join(folder, 'quota'), cfsPeriod: join(folder, 'period') };
  };

  it('takes the quota of cgroup v2, rounded up', () => {
    expect(availableCpus(cgroup({ max: '150000 100000\n' }), 8)).toBe(2);
  });

  it('takes the quota of cgroup v1', () => {
    expect(availableCpus(cgroup({ quota: '300000\n', period: '100000\n' }), 8)).toBe(3);
  });

  it('takes the machine when there is no quota, and never more than the machine', () => {
    expect(availableCpus(cgroup({ max: 'max 100000\n' }), 8)).toBe(8);
    expect(availableCpus(cgroup({ max: '1600000 100000\n' }), 8)).toBe(8);
  });

  it('takes the machine where there are no cgroups', () => {
    expect(availableCpus(cgroup({}), 4)).toBe(4);
  });

  it('is at least one', () => {
    expect(availableCpus(cgroup({ max: '1000 100000' }), 4)).toBe(1);
  });
});

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where Linux tells a container how much CPU time it may use. Paths as they are inside the container. */
export interface CgroupFiles {
  /** cgroup v2: `<quota> <period>` in microseconds; the quota is `max` when there is none. */
  readonly cpuMax: string;
  /** cgroup v1, in microseconds; -1 when there is none. */
  readonly cfsQuota: string;
  readonly cfsPeriod: string;
}

const CGROUP_FILES: CgroupFiles = {
  cpuMax: '/sys/fs/cgroup/cpu.max',
  cfsQuota: '/sys/fs/cgroup/cpu/cpu.cfs_quota_us',
  cfsPeriod: '/sys/fs/cgroup/cpu/cpu.cfs_period_us',
};

/**
 * CPUs that this process really has: what the machine offers, less what the container is allowed, rounded up, at least 1.
 * `os.availableParallelism()` alone knows CPU affinity but not the quota by which Docker and ECS limit a container.
 */
export function availableCpus(files: CgroupFiles = CGROUP_FILES, machineCpus: number = availableParallelism()): number {
  const quota = readQuota(files);
  return Math.max(1, Math.min(machineCpus, quota === undefined ? Infinity : Math.ceil(quota)));
}

/** CPUs in the text of `cpu.max`, or of `cpu.cfs_quota_us` and `cpu.cfs_period_us` joined by a space; undefined when unlimited. */
export function parseCpuQuota(text: string): number | undefined {
  const [quota = NaN, period = NaN] = text.trim().split(/\s+/).map(Number);
  const cpus = quota / period;
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

function readQuota(files: CgroupFiles): number | undefined {
  const v2 = readIfPresent(files.cpuMax);
  if (v2 !== undefined) return parseCpuQuota(v2);
  return parseCpuQuota(`${readIfPresent(files.cfsQuota) ?? ''} ${readIfPresent(files.cfsPeriod) ?? ''}`);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // another cgroup version, or not Linux
  }
}

/** The machines that images are built for, in Docker's words and in those of npm. */

export const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;

export type Platform = (typeof PLATFORMS)[number];

/** As npm and Node name a machine; the images are Debian's, whose C library is glibc. */
export interface Machine {
  readonly os: string;
  readonly cpu: string;
  readonly libc: string;
}

export function machineOf(platform: Platform): Machine {
  return { os: 'linux', cpu: platform === 'linux/amd64' ? 'x64' : 'arm64', libc: 'glibc' };
}

export function isPlatform(name: string): name is Platform {
  return (PLATFORMS as readonly string[]).includes(name);
}

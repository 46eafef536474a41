// Runs a buildspec as AWS CodeBuild does: phases in order, each in one bash, a command after the other until one fails; then exported
// variables and artifacts. CodeBuild user guide, "Build specification reference" and "Build phase transitions".
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Phase {
  readonly 'on-failure'?: 'ABORT' | 'CONTINUE';
  readonly commands?: readonly string[];
}

interface ArtifactPlace {
  readonly 'base-directory': string;
  readonly files: readonly string[];
}

export interface Buildspec {
  readonly version: number;
  readonly env: { readonly shell: string; readonly 'exported-variables': readonly string[] };
  readonly phases: Readonly<Record<string, Phase>>;
  readonly artifacts: { readonly 'secondary-artifacts': Readonly<Record<string, ArtifactPlace>> };
}

export interface BuildResult {
  /** Undefined when all went well. */
  readonly failedPhase: string | undefined;
  readonly output: string;
  readonly exported: Readonly<Record<string, string>>;
  /** Contents by file name, by identifier; empty for a project without artifacts. */
  readonly artifacts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const PHASES = ['install', 'pre_build', 'build', 'post_build'];

export interface BuildRun {
  /** The sources. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly hasArtifacts: boolean;
}

export function readBuildspec(file: string): Buildspec {
  return parse(readFileSync(file, 'utf8')) as Buildspec; // whose shape buildspec.spec.ts looks at
}

export async function runBuild(spec: Buildspec, { folder, environment, hasArtifacts }: BuildRun): Promise<BuildResult> {
  let current: Record<string, string> = { ...environment, CODEBUILD_BUILD_SUCCEEDING: '1' };
  let output = '';
  let failedPhase: string | undefined;
  for (const name of PHASES) {
    const phase = spec.phases[name];
    if (phase?.commands === undefined) continue;
    const ended = await runPhase(phase.commands, folder, current);
    output += ended.output;
    current = ended.environment;
    if (ended.code === 0) continue;
    failedPhase ??= name;
    current = { ...current, CODEBUILD_BUILD_SUCCEEDING: '0' };
    // Without a word, a failing build phase is still followed by post_build.
    const goesOn = phase['on-failure'] === 'CONTINUE' || (phase['on-failure'] === undefined && name === 'build');
    if (!goesOn) break;
  }
  const names = spec.env['exported-variables'].filter((variable) => variable in current);
  return {
    failedPhase,
    output,
    exported: Object.fromEntries(names.map((variable) => [variable, current[variable] ?? ''])),
    artifacts: failedPhase === undefined && hasArtifacts ? artifactsOf(spec, folder) : {},
  };
}

async function runPhase(commands: readonly string[], folder: string, environment: Record<string, string>) {
  const place = mkdtempSync(join(tmpdir(), 'phase-'));
  const lines = commands.map((command, index) => {
    writeFileSync(join(place, String(index)), command);
    return `eval "$(cat '${join(place, String(index))}')" || exit`;
  });
  const after = join(place, 'environment');
  const script = `trap 'status=$?; env -0 > "${after}"; exit $status' EXIT\n${lines.join('\n')}\n`;
  const child = spawn('bash', ['-c', script], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const entries = readFileSync(after, 'utf8')
    .split('\0')
    .filter((entry) => entry.includes('='));
  const found = entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  return { code, output, environment: Object.fromEntries(found) as Record<string, string> }; // pairs of texts
}

function artifactsOf(spec: Buildspec, folder: string): BuildResult['artifacts'] {
  const places = Object.entries(spec.artifacts['secondary-artifacts']);
  return Object.fromEntries(
    places.map(([identifier, { 'base-directory': base, files }]) => {
      if (files.join() !== '**/*') throw new Error(`${files.join()} is not understood here`);
      if (!existsSync(join(folder, base))) throw new Error(`no matching base directory path found for ${base}`);
      const names = readdirSync(join(folder, base));
      return [
        identifier,
        Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, base, name), 'utf8')])),
      ];
    }),
  );
}

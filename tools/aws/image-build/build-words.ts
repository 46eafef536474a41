// What CodeBuild says of a build, as a person reads it. Pure.
import type { Build, BuildPhase } from '@aws-sdk/client-codebuild';

/** CodeBuild's own lines: `[Container] 2026/11/23 23:44:51.123456 Running command npm test`. */
const OWN_LINE = /^\[Container\] \S+ \S+ (.*)$/;
const COMMAND = /^Running command (.*)$/;
/** Said by the phases already, or of no use to anybody who waits. */
const NOISE =
  /^(Entering phase|Phase complete|Phase context|Phase is|Waiting for|Processing environment|Moving to directory|Expanded|Expanding|Running on CodeBuild|YAML location|Successfully|Selecting|Setting HTTP|No runtime|Registering|CODEBUILD_SRC_DIR|Command did not exit|Unable to initialize cache|Skipping)/;

/** A line of the log without what CodeBuild puts around it; undefined for those that say nothing. Commands begin with `$`. */
export function logLine(line: string): string | undefined {
  const own = OWN_LINE.exec(line)?.[1];
  if (own === undefined) return line;
  const command = COMMAND.exec(own)?.[1];
  if (command !== undefined) return `$ ${command}`;
  return NOISE.test(own) ? undefined : own;
}

/** `DOWNLOAD_SOURCE` -> `download source` */
export function phaseInWords(phaseType = ''): string {
  return phaseType.toLowerCase().replaceAll('_', ' ');
}

/** Of a build that did not succeed: the first phase that failed by itself. Later ones run all the same. */
export function failedPhase({ phases = [] }: Build): BuildPhase | undefined {
  return phases.find(({ phaseStatus = 'SUCCEEDED' }) => /^(FAILED|FAULT|TIMED_OUT|CLIENT_ERROR)$/.test(phaseStatus));
}

const MOST_LINES = 30;

/** What the command that failed has said at its end; of a log without such a command, the log's end. */
export function linesOfFailure(log: readonly string[]): string[] {
  const own = log.map((line) => OWN_LINE.exec(line)?.[1]);
  const end = own.findIndex((line) => line?.startsWith('Command did not exit successfully') === true);
  const last = end === -1 ? log.length : end;
  const start = own.slice(0, last).findLastIndex((line) => COMMAND.test(line ?? ''));
  return log
    .slice(start + 1, last)
    .flatMap((line) => logLine(line) ?? [])
    .filter((line) => line.trim() !== '')
    .slice(-MOST_LINES);
}

const STATUS: Readonly<Record<string, string>> = {
  FAILED: 'failed',
  FAULT: 'was given up by CodeBuild',
  TIMED_OUT: 'took longer than it may',
  STOPPED: 'was stopped',
};

/** Why a build did not succeed, with the lines of the command that failed. */
export function failureInWords(build: Build, log: readonly string[]): string {
  const phase = failedPhase(build);
  const where = phase === undefined ? '' : ` in its phase "${phaseInWords(phase.phaseType)}"`;
  const reasons = (phase?.contexts ?? []).flatMap(({ message = '' }) =>
    message.trim() === '' ? [] : [message.trim()],
  );
  const lines = phase === undefined ? [] : linesOfFailure(log);
  return [
    `The build ${build.id ?? ''} ${STATUS[build.buildStatus ?? ''] ?? build.buildStatus ?? 'did not succeed'}${where}.`,
    ...reasons.map((reason) => `  ${reason}`),
    ...(lines.length === 0 ? [] : ['What was said last:', ...lines.map((line) => `  ${line}`)]),
  ].join('\n');
}

// The README lists commands and options; here it is compared with what can really be typed.
import { distFile } from '@app/sagemaker-local';
import { Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { CommandContext } from '../src/command-context';
import { ExitCode } from '../src/command.error';
import { createProgram } from '../src/create-program';
import { Interrupts } from '../src/interrupts';
import { ACCOUNT_SETTINGS } from '../src/pipeline.config';

const README = readFileSync(distFile('../apps/pipeline/README.md'), 'utf8');
const PLACE = 'Where:';

const silent = { write: () => true };
const refused = () => Promise.reject(new Error('nothing is run here'));
const context: CommandContext = {
  output: { stdout: silent, stderr: silent, isColoured: false },
  interrupts: new Interrupts(() => undefined),
  connect: refused,
  findStage: refused,
  userName: '',
  argv: [],
  startInBackground: refused,
  openInBrowser: () => undefined,
  now: () => new Date(),
  exitCode: ExitCode.done,
};
/** With the commands that are typed behind another one. */
const commands = createProgram(context).commands.flatMap((command) => [command, ...command.commands]);
/** As it is typed: `feedback review`. */
const nameOf = (command: Command): string =>
  command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();

/** What stands between a heading and the next one. */
function section(heading: string): string {
  const [, rest] = README.split(`\n${heading}\n`);
  return rest?.split(/\n#+ /)[0] ?? '';
}

function rows(text: string): string[][] {
  return [...text.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

const optionRow = ({ flags, description, defaultValue }: Option): string[] => {
  const value =
    typeof defaultValue === 'string' || typeof defaultValue === 'number' ? ` (default: ${defaultValue})` : '';
  return [`\`${flags.replaceAll('|', '\\|')}\``, `${description}${value}`.replaceAll('|', '\\|')];
};
const ownOptions = ({ options }: Command) => options.filter(({ helpGroupHeading }) => helpGroupHeading !== PLACE);

it('lists all commands', () => {
  expect(rows(section('## Commands'))).toEqual(
    commands.map((command) => [
      `\`${[nameOf(command), command.usage().replace('[options] ', '').replace('[options]', '')].join(' ').trim()}\``,
      command.description(),
    ]),
  );
});

it.each(commands.filter((command) => ownOptions(command).length > 0).map((command) => [nameOf(command), command]))(
  'lists the options of %s',
  (name, command) => {
    expect(rows(section(`### ${name}`))).toEqual(ownOptions(command).map(optionRow));
  },
);

it('lists the options that all commands have', () => {
  for (const { options } of commands) {
    expect(rows(section('### Every command'))).toEqual(
      options.filter(({ helpGroupHeading }) => helpGroupHeading === PLACE).map(optionRow),
    );
  }
});

it('lists the variables', () => {
  expect(rows(section('## Environment')).map(([variable]) => variable)).toEqual([
    ...ACCOUNT_SETTINGS.map(({ variable }) => `\`${variable}\``),
    '`NO_COLOR`',
  ]);
});

it('lists the exit codes', () => {
  expect(rows(section('## Exit codes')).map(([code]) => code)).toEqual(
    Object.values(ExitCode).map((code) => `\`${code}\``),
  );
});

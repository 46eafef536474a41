/** `deploy`, `rollback` and `status`: what serves. */
import { Command, Option } from 'commander';
import { ExitCode, UsageError } from '../command.error';
import { CommandContext, withConnection } from '../command-context';
import { Connection, DeployOptions, PlaceOptions } from '../connection';
import { Deployment } from '../deployment/model-deployer.port';
import { ModelVersion, versionInWords } from '../models/model-version';
import { writeResult } from '../output/output';
import { facts } from '../output/table';
import { addJsonOption, addPlaceOptions, positiveInteger, typed, versionNumber } from './place-options';

interface StatusOptions extends PlaceOptions {
  readonly json?: boolean;
}
type DeployCommandOptions = StatusOptions & DeployOptions;

export function addDeployCommands(program: Command, context: CommandContext): void {
  const { output } = context;
  const deploy = program
    .command('deploy')
    .description('put an approved version into production')
    .argument('[version]', 'the newest that is approved unless it is named', versionNumber);
  addDeployOptions(deploy).action(async (number: number | undefined, options: DeployCommandOptions) => {
    refuseMachinesOfStage(options);
    await withConnection(context, options, ['bucket', 'role'], async (connection) => {
      const { models, deployer } = connection;
      const version = number === undefined ? await models.newest('approved') : await models.get(number);
      models.requireDeployable(version);
      const served = await models.deployedVersion();
      if (served === version.number) {
        const document = { version: version.number, changed: false };
        writeResult(output, options.json, document, () => [`Version ${versionInWords(version)} is deployed already.`]);
        return ExitCode.done;
      }
      const deployment = await deployer.deploy(version, teller(context));
      writeDeployment(context, deployment, options);
      return ExitCode.done;
    });
  });

  const rollback = program
    .command('rollback')
    .description('go back to the version that was deployed before; the one that is left becomes rejected');
  addDeployOptions(rollback).action(async (options: DeployCommandOptions) => {
    refuseMachinesOfStage(options);
    await withConnection(context, options, ['bucket', 'role'], async ({ deployer }) => {
      writeDeployment(context, await deployer.rollback(teller(context)), options);
      return ExitCode.done;
    });
  });

  const status = program.command('status').description('show what the endpoint serves');
  addPlaceOptions(addJsonOption(status)).action(async (options: StatusOptions) => {
    await withConnection(context, options, [], async (connection) => {
      const status = await connection.deployer.status();
      const version = await servedVersion(connection, status?.version);
      writeResult(output, options.json, { endpoint: options.endpoint, ...(status ?? { state: 'missing' }) }, () =>
        status === undefined
          ? [`There is no endpoint ${options.endpoint} yet. ${typed(options, 'deploy')}`]
          : facts([
              ['endpoint', options.endpoint],
              ['state', status.state],
              ['serves', version === undefined ? undefined : `version ${versionInWords(version)}`],
              ['', status.isServed ? undefined : 'Nothing is running here now; npm start serves it.'],
            ]),
      );
      return ExitCode.done;
    });
  });
}

function addDeployOptions(command: Command): Command {
  command.addOption(
    new Option('--instance-type <type>', 'machine that serves (default: ml.m5.large)').helpGroup('On SageMaker:'),
  );
  command.addOption(
    new Option('--instances <n>', 'how many, for a new endpoint (default: 1)')
      .argParser(positiveInteger)
      .helpGroup('On SageMaker:'),
  );
  return addPlaceOptions(addJsonOption(command));
}

function refuseMachinesOfStage({ stage, instances, instanceType }: DeployCommandOptions): void {
  if (stage === undefined || (instances ?? instanceType) === undefined) return;
  throw new UsageError(
    `Stage ${stage} says itself on which machines, and how many, it serves: EndpointInstanceType and EndpointMinInstances ` +
      `in cloudformation/stages/${stage}.yaml.`,
  );
}

function teller({ output, now }: CommandContext): (sentence: string) => void {
  const started = now().getTime();
  return (sentence) => {
    const seconds = ((now().getTime() - started) / 1000).toFixed(1);
    output.stderr.write(`${seconds.padStart(6)} s  ${sentence}\n`);
  };
}

function writeDeployment({ output }: CommandContext, deployment: Deployment, options: StatusOptions): void {
  const { version, isServed } = deployment;
  writeResult(output, options.json, { ...deployment, changed: true }, () => [
    isServed
      ? `Version ${version} is deployed and serves.`
      : `Version ${version} is deployed. Nothing is running here now; the next npm start serves it.`,
  ]);
}

async function servedVersion({ models }: Connection, number: number | undefined): Promise<ModelVersion | undefined> {
  return number === undefined ? undefined : models.get(number);
}

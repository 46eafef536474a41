/** The process behind `node dist/tools/delivery/main.js COMMAND`, by which buildspec.yml does what takes more than a line of shell. */
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Argument, Command, Option } from 'commander';
import { CommandError } from '../../apps/pipeline/src/command.error';
import { reasonOf } from '../../apps/pipeline/src/reason-of';
import { errorName, explained } from '../aws/aws-problems';
import { IMAGE_NAMES, type ImageName } from '../images/image-contents';
import { readBuildEnvironment } from './build-environment';
import { BuildContext, checkScans, DELIVERY_FOLDER, noteImage, record, render, uploadAll } from './commands';

// The product runs with Node 20; what the SDK says of its future is for those who update the SDK.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** CodeBuild has no second try: AWS throttles, and then a build of many minutes would be lost. */
const CLIENT_OPTIONS = { maxAttempts: 8 };

function createProgram(connect: () => BuildContext): Command {
  const program = new Command('node dist/tools/delivery/main.js').description('Commands of a build (buildspec.yml).');
  program
    .command('note-image')
    .description('says whether the registry has an image of this content, and keeps its digest')
    .addArgument(new Argument('<name>').choices(IMAGE_NAMES))
    .argument('<key>', 'content key')
    .addOption(new Option('--pushed', 'it was pushed, so it has to be there'))
    .action((name: ImageName, key: string, { pushed = false }: { pushed?: boolean }) =>
      noteImage(connect(), name, key, pushed),
    );
  const commands = [
    ['check-scans', 'waits for the scans of the images, and refuses critical weaknesses', checkScans],
    ['upload-artifacts', 'uploads the functions and the definition of the model pipeline', uploadAll],
    ['render', 'writes what CodeDeploy and ECS need for a rollout, and whether there is one', render],
    ['record', 'writes down which images are the newest', record],
  ] as const;
  for (const [name, description, run] of commands) {
    program
      .command(name)
      .description(description)
      .action(() => run(connect()));
  }
  return program;
}

function connect(): BuildContext {
  return {
    environment: readBuildEnvironment(process.env),
    clients: {
      ecr: new ECRClient(CLIENT_OPTIONS),
      ecs: new ECSClient(CLIENT_OPTIONS),
      s3: new S3Client(CLIENT_OPTIONS),
      ssm: new SSMClient(CLIENT_OPTIONS),
    },
    folder: DELIVERY_FOLDER,
    say: (line) => process.stdout.write(`${line}\n`),
  };
}

async function main(): Promise<void> {
  try {
    await explained(createProgram(connect).parseAsync(process.argv));
  } catch (error) {
    process.stderr.write(
      error instanceof CommandError ? `${error.message}\n` : `${errorName(error)}: ${reasonOf(error)}\n`,
    );
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
  }
}

void main();

// The process itself: signals, pipes, exit codes, and the SageMaker of this machine behind it.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, answerOf, photoFolder, startProcess, temporaryFolder } from './support/command-line';
import { ScriptedAws } from './support/scripted-aws';
import { ScriptedProduct, STEP } from './support/scripted-product';

/** npm passes on the terminal's Ctrl-C: within this time it is the same one. */
const SAME_INTERRUPT_MS = 500;

const here = (state: string, ...argv: string[]): Promise<Answer> => answerOf(startProcess([...argv, '--state', state]));

it('shows what can be typed', async () => {
  const { code, stdout } = await answerOf(startProcess(['--help']));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run pipeline -- \[options\] \[command\]/);
  expect((await answerOf(startProcess(['run', '--help']))).stdout).toMatch(/How it learns:[^]*--l2-strength[^]*Where:/);
});

describe('on this machine', () => {
  it('begins with the model that ships', async () => {
    const state = temporaryFolder();
    const { code, stdout, stderr } = await here(state, 'models');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/ 1 +everyday-objects +approved .* deployed\n$/);
    expect((await here(state, 'deploy')).stdout).toBe('Version 1 (everyday-objects) is deployed already.\n');
    expect(await here(state, 'rollback')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be rolled back'),
    });
  });

  it('goes on with a run in the background, whose end can be watched', async () => {
    const state = temporaryFolder();
    const { code, stdout, stderr } = await here(state, 'run', '--data', photoFolder(), '--name', 'flowers', '--detach');
    expect([code, stderr]).toEqual([0, '']);
    const [, run = ''] = /^Run (\S+) goes on in the background\.$/m.exec(stdout) ?? [];
    // The photos are none.
    expect(await here(state, 'watch', run)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`Run ${run} failed.`),
    });
    expect((await here(state, 'runs')).stdout).toMatch(new RegExp(`${run} +flowers .* failed`));
  });

  it('tells at once what is wrong with a run in the background', async () => {
    const { code, stderr } = await here(temporaryFolder(), 'run', '--data', '/nowhere', '--name', 'x', '--detach');
    expect([code, stderr]).toEqual([64, expect.stringMatching(/^--data \/nowhere does not exist\./)]);
  });
});

describe('signals', () => {
  let aws: ScriptedAws;
  let product: ScriptedProduct;

  beforeEach(async () => {
    aws = await ScriptedAws.start();
    product = new ScriptedProduct(aws, 'photos', (name, text) => aws.objects.set(name, Buffer.from(text)));
    product.pipeline = { definition: '{}', role: 'r' };
    product.nextRun = [{ status: 'Executing', steps: [STEP.training] }];
  });
  afterEach(() => aws.stop());

  async function startedRun() {
    const child = startProcess(
      [
        'run',
        '--on',
        'sagemaker',
        '--data',
        photoFolder(),
        '--name',
        'x',
        '--bucket',
        'photos',
        '--role',
        'r',
        '--image',
        'i',
      ],
      aws.environment,
    );
    const answer = answerOf(child);
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('Train: running')) await once(child.stdout ?? child, 'data');
    return { child, answer };
  }

  it('stops the run at the first Ctrl-C', async () => {
    const { child, answer } = await startedRun();
    child.kill('SIGINT');
    expect(await answer).toMatchObject({ code: 130, stdout: expect.stringContaining('Run run0new is stopped.') });
    expect(aws.inputsOf('StopPipelineExecution')).toHaveLength(1);
  });

  it('leaves at once at the second', async () => {
    aws.on('StopPipelineExecution', (input) => ({ PipelineExecutionArn: input['PipelineExecutionArn'] }));
    const { child, answer } = await startedRun();
    child.kill('SIGINT');
    await sleep(SAME_INTERRUPT_MS + 200);
    child.kill('SIGINT');
    const { code, stdout } = await answer;
    expect(code).toBe(130);
    expect(stdout).toContain('Stopping run run0new (Ctrl-C again to leave at once) ...');
    expect(stdout).not.toContain('is stopped');
  });

  it('goes on when nobody reads any more', async () => {
    product.runs.set('aaa111', {
      looks: [
        { status: 'Executing', steps: [STEP.training] },
        { status: 'Executing', steps: [STEP.trained] },
        { status: 'Failed', steps: [STEP.trained, STEP.notPassed, STEP.refused] },
      ],
    });
    const child = startProcess(['runs', 'aaa111', '--on', 'sagemaker'], aws.environment);
    child.stdout?.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

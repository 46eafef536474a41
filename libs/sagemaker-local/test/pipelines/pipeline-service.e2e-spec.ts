import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { list } from 'tar';
import { isAlive, until } from '../../../../test/support/conditions';
import { ManagedProcess } from '../../src/managed-process';
import { jobLogFile } from '../../src/pipelines';
import { JsonObject, textMember } from '../../src/pipelines/json';
import { distFile } from '../../src/places';
import { PipelineBench, pipelineDefinition } from './pipeline-bench';

const benches: PipelineBench[] = [];

function newBench(): PipelineBench {
  const bench = new PipelineBench();
  benches.push(bench);
  return bench;
}

async function cachingBench(expireAfter = 'P30D'): Promise<PipelineBench> {
  const bench = newBench();
  return bench.prepare(pipelineDefinition(bench.control, { Enabled: true, ExpireAfter: expireAfter }));
}

function jobOf(step: JsonObject | undefined, kind: 'TrainingJob' | 'ProcessingJob'): string {
  return (textMember(step, 'Metadata', kind, 'Arn') ?? '').replace(/.*\//, '');
}

async function modelFiles(bench: PipelineBench, record: JsonObject | undefined): Promise<string[]> {
  const [container] = (record?.['InferenceSpecification'] as JsonObject)['Containers'] as JsonObject[]; // as in the definition
  const files: string[] = [];
  await list({
    file: bench.s3.pathOf(textMember(container, 'ModelDataUrl') ?? ''),
    onReadEntry: ({ path }) => files.push(path),
  });
  return files;
}

afterEach(async () => {
  await Promise.all(benches.splice(0).map(({ service }) => service.stop()));
});

describe('a pipeline execution', () => {
  it('runs training and evaluation by the container contract, and registers the model', async () => {
    const bench = await newBench().prepare();
    const arn = await bench.start({ Epochs: '7' });

    expect(await bench.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    const steps = await bench.steps(arn);
    expect(Object.keys(steps)).toEqual(['Train', 'Evaluate', 'Gate', 'Register']);
    expect(steps['Train']).toMatchObject({ StepStatus: 'Succeeded', StepDescription: 'Learns', AttemptCount: 1 });
    expect(steps['Gate']?.['Metadata']).toEqual({ Condition: { Outcome: 'True' } });

    const training = await bench.call('DescribeTrainingJob', { TrainingJobName: jobOf(steps['Train'], 'TrainingJob') });
    const artifacts = `s3://local/models/${jobOf(steps['Train'], 'TrainingJob')}/output/model.tar.gz`;
    expect(training).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: artifacts },
      HyperParameters: { epochs: '7' },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
      FinalMetricDataList: [{ MetricName: 'train:accuracy', Value: 0.97 }],
    });
    expect((training['SecondaryStatusTransitions'] as JsonObject[]).map(({ Status }) => Status)).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    const report = await bench.call('DescribeProcessingJob', {
      ProcessingJobName: jobOf(steps['Evaluate'], 'ProcessingJob'),
    });
    expect(report).toMatchObject({ ProcessingJobStatus: 'Completed', ExitMessage: 'evaluated' });

    const [version, ...others] = await bench.registered();
    expect(others).toEqual([]);
    expect(await modelFiles(bench, version)).toEqual(['model.json', 'weights/b.bin']);
    expect(textMember(version, 'ModelMetrics', 'ModelQuality', 'Statistics', 'S3Uri')).toBe(
      `s3://local/reports/${arn.slice(-12)}`,
    );
    const evaluation = JSON.parse(
      readFileSync(bench.objectPath(`reports/${arn.slice(-12)}/evaluation.json`), 'utf8'),
    ) as JsonObject; // written by the fake job
    expect(evaluation).toMatchObject({
      seen: {
        task: 'evaluate',
        files: { 'test/rose/3.jpg': 'three' },
        config: { ProcessingInputs: [{ S3Input: { S3Uri: artifacts } }, { InputName: 'test' }] },
      },
    });
  });

  it('gives the container what SageMaker gives, and little of the environment here', async () => {
    const bench = await newBench().prepare();
    const arn = await bench.start();
    await bench.ended(arn);
    const job = jobOf((await bench.steps(arn))['Train'], 'TrainingJob');

    let seen = '';
    await list({
      file: bench.objectPath(`models/${job}/output/output.tar.gz`),
      onReadEntry: (entry) => entry.on('data', (part: Buffer) => (seen += part.toString())),
    });
    const { environment, ...rest } = JSON.parse(seen) as { environment: Record<string, string> }; // by the fake job
    expect(rest).toEqual({
      hyperparameters: { epochs: '5' },
      inputdataconfig: {
        train: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
      },
      resourceconfig: { current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: 'eth0' },
      files: { 'train/rose/1.jpg': 'one', 'train/tulip/2.jpg': 'two' },
      rest: [],
    });
    expect(environment).toMatchObject({
      TRAINING_JOB_NAME: job,
      TRAINING_JOB_ARN: `arn:aws:sagemaker:us-east-1:000000000000:training-job/${job}`,
      CONTROL: bench.control,
    });
    expect(environment).not.toHaveProperty('SECRET');
    expect(existsSync(environment['SAGEMAKER_BASE_DIR'] ?? '')).toBe(false); // removed when the job was over
    expect(readFileSync(bench.objectPath('checkpoints/features'), 'utf8')).toBe('x'); // kept for the next job
    expect(readFileSync(jobLogFile(bench.state, 'training-job', job), 'utf8')).toMatch(
      /^\[progress\] train began\n\[metric\] train:accuracy=0.5\n/,
    );
  });

  it('makes the same archive of the same files', async () => {
    const bench = await newBench().prepare();
    const archives: Buffer[] = [];
    for (let run = 0; run < 2; run++) {
      const arn = await bench.start();
      await bench.ended(arn);
      const job = jobOf((await bench.steps(arn))['Train'], 'TrainingJob');
      archives.push(readFileSync(bench.objectPath(`models/${job}/output/model.tar.gz`)));
    }

    expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true);
    expect(readFileSync(bench.objectPath('checkpoints/features'), 'utf8')).toBe('xx');
  });

  it('fails by the Fail step, with its message, when the model is not good enough', async () => {
    const bench = await newBench().prepare();
    const arn = await bench.start({ Threshold: '0.95' });

    expect(await bench.ended(arn)).toMatchObject({
      PipelineExecutionStatus: 'Failed',
      FailureReason: 'Step Refuse failed: The accuracy is below 0.95',
    });
    expect((await bench.steps(arn))['Refuse']).toMatchObject({
      StepStatus: 'Failed',
      Metadata: { Fail: { ErrorMessage: 'The accuracy is below 0.95' } },
    });
    expect(await bench.registered()).toEqual([]);
  });

  it('refuses wrong parameters before anything starts, all at once', async () => {
    const bench = await newBench().prepare();

    await expect(bench.start({ Epochs: 'many', Threshold: 'high', Nonsense: '1' })).rejects.toThrow(
      'The parameters are wrong: parameter Epochs wants a whole number, not "many"; parameter Threshold wants a number, ' +
        'not "high"; the pipeline has no parameter "Nonsense".',
    );
    expect(await bench.state.list('executions')).toEqual([]);
  });

  it('is the same one for the same ClientRequestToken', async () => {
    const bench = await newBench().prepare();
    const arn = await bench.start({}, 'a'.repeat(32));

    expect(await bench.start({}, 'a'.repeat(32))).toBe(arn);
    await expect(bench.start({ Epochs: '1' }, 'a'.repeat(32))).rejects.toThrow(/used before, with other parameters/);
    await bench.ended(arn);
    expect(await bench.start({}, 'a'.repeat(32))).toBe(arn);
    expect(bench.begun()).toEqual(['train', 'evaluate']);
  });
});

describe('a step that fails', () => {
  it.each([
    ['train', 'Train', { fail: 'train' }, 'it cannot work'],
    ['evaluate', 'Evaluate', { fail: 'evaluate' }, 'it cannot work'],
    ['evaluate', 'Evaluate', { crash: 'evaluate' }, 'Error: it crashed'],
    ['train', 'Train', { noModel: true }, 'The training program ended well but left no file in /opt/ml/model.'],
  ])('says why (%s), and a retry goes on from there', async (task, step, behaviour, reason) => {
    const bench = await newBench().prepare();
    bench.behave(behaviour);
    const arn = await bench.start();

    expect(await bench.ended(arn)).toMatchObject({
      PipelineExecutionStatus: 'Failed',
      FailureReason: `Step ${step} failed: ${reason}`,
    });
    expect((await bench.steps(arn))[step]).toMatchObject({ StepStatus: 'Failed', FailureReason: reason });
    bench.behave({});
    await bench.retry(arn);
    expect(await bench.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    expect(bench.begun().filter((each) => each === 'train')).toHaveLength(task === 'train' ? 2 : 1);
    expect((await bench.steps(arn))[step]).toMatchObject({ StepStatus: 'Succeeded', AttemptCount: 2 });
    await expect(bench.retry(arn)).rejects.toThrow('is Succeeded; only one that is Failed or Stopped can be retried.');
  });

  it('because its input is not there says so before the program is started', async () => {
    const bench = await newBench().prepare();
    const arn = await bench.start({ TrainingData: 's3://local/nowhere' });

    expect(await bench.ended(arn)).toMatchObject({
      FailureReason: 'Step Train failed: There is nothing at s3://local/nowhere.',
    });
    expect(bench.begun()).toEqual([]);
  });

  it('because its process was killed can be retried', async () => {
    const bench = await newBench().prepare();
    bench.behave({ hang: 'train' });
    const arn = await bench.start();
    await until(() => bench.begun().length === 1);
    process.kill(Number(bench.journalLines()[0]?.[1]), 'SIGKILL');

    expect(await bench.ended(arn)).toMatchObject({ FailureReason: 'Step Train failed: signal SIGKILL' });
    bench.behave({});
    await bench.retry(arn);
    expect(await bench.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
  });

  it('because it takes too long is ended, even when it does not heed SIGTERM', async () => {
    const bench = await newBench().prepare();
    bench.behave({ hang: 'train', ignoresSigterm: true });
    const arn = await bench.start({ MaxRuntime: '1' });

    expect(await bench.ended(arn)).toMatchObject({
      PipelineExecutionStatus: 'Failed',
      FailureReason: 'Step Train failed: It ran longer than its time limit of 1 s (MaxRuntimeInSeconds).',
    });
    const name = jobOf((await bench.steps(arn))['Train'], 'TrainingJob');
    expect(await bench.call('DescribeTrainingJob', { TrainingJobName: name })).toMatchObject({
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'MaxRuntimeExceeded',
    });
    expect(readFileSync(jobLogFile(bench.state, 'training-job', name), 'utf8')).toContain('SIGTERM came');
    expect(isAlive(Number(bench.journalLines()[0]?.[1]))).toBe(false);
  });
});

describe('an execution that is stopped', () => {
  it.each(['the process that runs it', 'another process'])(
    'by %s leaves nothing running, and can be retried',
    async (who) => {
      const bench = await newBench().prepare();
      bench.behave({ hang: 'evaluate' });
      const arn = await bench.start();
      await until(() => bench.begun().length === 2);
      const asking = who === 'another process' ? new PipelineBench(bench.root) : bench;
      await asking.call('StopPipelineExecution', { PipelineExecutionArn: arn });

      expect(await asking.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Stopped' });
      const steps = await asking.steps(arn);
      expect(steps['Evaluate']).toMatchObject({ StepStatus: 'Stopped' });
      expect(
        await asking.call('DescribeProcessingJob', { ProcessingJobName: jobOf(steps['Evaluate'], 'ProcessingJob') }),
      ).toMatchObject({ ProcessingJobStatus: 'Stopped' });
      expect(isAlive(Number(bench.journalLines()[1]?.[1]))).toBe(false);
      await expect(asking.call('StopPipelineExecution', { PipelineExecutionArn: arn })).rejects.toThrow(
        'is Stopped; there is nothing to stop.',
      );

      bench.behave({});
      await asking.retry(arn);
      expect(await bench.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
      expect(bench.begun()).toEqual(['train', 'evaluate', 'evaluate']);
      await asking.service.stop();
    },
  );

  it('because the service stops says that it can be resumed', async () => {
    const bench = await newBench().prepare();
    bench.behave({ hang: 'train' });
    const arn = await bench.start();
    await until(() => bench.begun().length === 1);
    await bench.service.stop();

    expect(await bench.describe(arn)).toMatchObject({
      PipelineExecutionStatus: 'Stopped',
      FailureReason: 'The process that ran it ended before it was finished. RetryPipelineExecution goes on with it.',
    });
    expect(isAlive(Number(bench.journalLines()[0]?.[1]))).toBe(false);
  });
});

describe('a step with a cache', () => {
  it('is not repeated while arguments and contents are the same', async () => {
    const bench = await cachingBench();
    const first = await bench.start();
    await bench.ended(first);
    const second = await bench.start({ Threshold: '0.7' });

    expect(await bench.ended(second)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    const steps = await bench.steps(second);
    const source = { SourcePipelineExecutionArn: first };
    expect(steps['Train']).toMatchObject({ StepStatus: 'Succeeded', CacheHitResult: source });
    expect(steps['Evaluate']).toMatchObject({ StepStatus: 'Succeeded', CacheHitResult: source });
    expect(steps['Gate']).not.toHaveProperty('CacheHitResult');
    expect(steps['Train']?.['Metadata']).toEqual((await bench.steps(first))['Train']?.['Metadata']);
    expect(bench.begun()).toEqual(['train', 'evaluate']);
    const versions = await bench.registered();
    expect(versions).toHaveLength(2); // each execution registers what it found
    expect(
      versions.map((version) => textMember(version, 'ModelMetrics', 'ModelQuality', 'Statistics', 'S3Uri')),
    ).toEqual([0, 1].map(() => `s3://local/reports/${first.slice(-12)}`));
  });

  it('is repeated when what it was made of changed, or what it made', async () => {
    const bench = await cachingBench();
    const arn = await bench.start();
    await bench.ended(arn);
    const model = bench.objectPath(
      `models/${jobOf((await bench.steps(arn))['Train'], 'TrainingJob')}/output/model.tar.gz`,
    );
    const whole = readFileSync(model);
    const changes: readonly [() => void, Record<string, string>, string[]][] = [
      [() => bench.writeObject('test/rose/3.jpg', 'THREE'), {}, ['evaluate']],
      [() => rmSync(bench.objectPath('reports'), { recursive: true }), {}, ['evaluate']],
      [() => undefined, { Epochs: '6' }, ['train', 'evaluate']],
      [() => appendFileSync(model, 'x'), {}, ['train', 'evaluate']],
      [() => writeFileSync(model, whole), {}, []], // nothing that matters: a later job took its place
      [() => rmSync(bench.objectPath('models'), { recursive: true }), {}, ['train', 'evaluate']],
      [() => bench.writeObject('photos/rose/1.jpg', 'ONE'), {}, ['train', 'evaluate']],
      [() => bench.writeObject('photos/rose/9.jpg', 'nine'), {}, ['train', 'evaluate']],
    ];

    for (const [change, parameters, repeated] of changes) {
      const before = bench.begun().length;
      change();
      expect(await bench.ended(await bench.start(parameters))).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
      expect([change.toString(), bench.begun().slice(before)]).toEqual([change.toString(), repeated]);
    }
  });

  it('is repeated when its result is too old, or the program is another one', async () => {
    const bench = await cachingBench('PT0S');
    const program = join(bench.root, 'program.js');
    for (const version of ['1', '2']) {
      writeFileSync(program, version);
      const process = new PipelineBench(bench.root, bench.journal, [program]);
      await process.ended(await process.start());
    }
    expect(bench.begun()).toHaveLength(4);
    const definition = JSON.stringify(pipelineDefinition(bench.control, { Enabled: true }));
    await bench.call('UpdatePipeline', { PipelineName: 'flowers', PipelineDefinition: definition });
    for (const version of ['2', '3']) {
      writeFileSync(program, version);
      const process = new PipelineBench(bench.root, bench.journal, [program]);
      await process.ended(await process.start());
    }

    expect(bench.begun()).toHaveLength(6);
  });

  it('whose data changed while it ran is used once, with a warning, and not again', async () => {
    const bench = await cachingBench();
    bench.behave({ change: bench.objectPath('photos/rose/1.jpg') });
    const first = await bench.start();

    expect(await bench.ended(first)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    const job = jobOf((await bench.steps(first))['Train'], 'TrainingJob');
    expect(readFileSync(jobLogFile(bench.state, 'training-job', job), 'utf8')).toMatch(
      /\[warning\] The input data changed while the job ran/,
    );
    const described = await bench.call('DescribeTrainingJob', { TrainingJobName: job });
    expect(JSON.stringify(described)).toContain('The input data changed while the job ran');
    bench.behave({});
    writeFileSync(bench.objectPath('photos/rose/1.jpg'), 'one'); // as it was when the first job began
    await bench.ended(await bench.start());
    expect(bench.begun().filter((task) => task === 'train')).toHaveLength(2);
  });
});

describe('a retry', () => {
  it('does not build upon a result that is gone', async () => {
    const bench = await newBench().prepare();
    bench.behave({ fail: 'evaluate' });
    const arn = await bench.start();
    await bench.ended(arn);
    rmSync(bench.objectPath('models'), { recursive: true });
    bench.behave({});
    await bench.retry(arn);

    expect(await bench.ended(arn)).toMatchObject({
      PipelineExecutionStatus: 'Failed',
      FailureReason: 'What step Train wrote is gone or was changed since. Start a new execution.',
    });
  });

  it('does not register a version twice whose registration was not confirmed', async () => {
    const bench = await newBench().prepare();
    bench.losesAnswers = true;
    const arn = await bench.start();
    expect(await bench.ended(arn)).toMatchObject({
      FailureReason: 'Step Register failed: Error: the connection was lost',
    });
    bench.losesAnswers = false;
    await bench.retry(arn);

    expect(await bench.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    expect(await bench.registered()).toHaveLength(1);
    expect(bench.begun()).toEqual(['train', 'evaluate']);
  });

  it('is one when several processes ask for it at once', async () => {
    const bench = await newBench().prepare();
    bench.behave({ fail: 'evaluate' });
    const arn = await bench.start();
    await bench.ended(arn);
    bench.behave({});
    const others = Array.from({ length: 4 }, () => new PipelineBench(bench.root));
    const answers = await Promise.allSettled(others.map((other) => other.retry(arn)));

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await bench.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    expect(bench.begun()).toEqual(['train', 'evaluate', 'evaluate']);
  });
});

describe('a process that is killed while it runs a pipeline', () => {
  it('leaves an execution that is retried to one whole version, whenever that was', async () => {
    const bench = await newBench().prepare();
    const startRunner = (): { child: ManagedProcess; started: Promise<string> } => {
      const lines: string[] = [];
      const child = new ManagedProcess({
        command: [distFile('libs/sagemaker-local/test/pipelines/pipeline-runner/main.js'), bench.root],
        environment: process.env,
        onLine: (line) => lines.push(line),
      });
      return { child, started: until(() => lines.length > 0).then(() => lines[0]?.replace('started ', '') ?? '') };
    };
    const whole = startRunner();
    const arns = [await whole.started];
    const began = Date.now();
    await whole.child.exited;
    const duration = Date.now() - began;

    const rounds = 12;
    const seen = new Set<unknown>();
    for (let round = 0; round < rounds; round++) {
      const { child, started } = startRunner();
      const arn = await started;
      await sleep(((round + Math.random()) / rounds) * duration);
      child.kill();
      await child.exited;
      arns.push(arn);
      const { PipelineExecutionStatus: status } = await bench.describe(arn);
      seen.add(Object.keys(await bench.steps(arn)).length);
      if (status === 'Stopped') await bench.retry(arn);
      expect(await bench.ended(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    }

    expect(seen.size).toBeGreaterThan(1); // it was killed in different steps
    const versions = await bench.registered();
    expect(versions.map((version) => textMember(version, 'CustomerMetadataProperties', 'execution')).sort()).toEqual(
      arns.map((arn) => arn.slice(-12)).sort(),
    );
    for (const version of versions) expect(await modelFiles(bench, version)).toEqual(['model.json', 'weights/b.bin']);
    const everything = readdirSync(bench.root, { recursive: true, encoding: 'utf8' });
    expect(everything.filter((path) => /\/ml$|^s3\/.*\/\./.test(path))).toEqual([]); // what killed jobs left was removed
  }, 60_000);
});

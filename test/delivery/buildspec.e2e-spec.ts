// The commands of buildspec.yml, as they stand, in the environment that cloudformation/20-build.yaml gives them. docker, aws and npm are
// stand-ins that record; bash, node, and the programs of tools/images and tools/delivery are the real ones, and speak to a scripted account.
import { PRODUCT_ROOT } from '@app/platform';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { BuildResult, readBuildspec, runBuild } from './support/codebuild';
import { callsOf, letFail, writeRecordingCommands } from './support/recording-commands';
import { ScriptedAccount } from './support/scripted-account';
import { demoVariant, environmentOfProject, registeredDefinition, saidByEcs } from './support/template-account';

const SPEC = readBuildspec(join(PRODUCT_ROOT, 'buildspec.yml'));
const VARIANT = demoVariant();
const IMAGES = ['web', 'was', 'monitor', 'model'] as const;
const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const BASE = `public.ecr.aws/docker/library/node:24-bookworm-slim@sha256:${'b'.repeat(64)}`;
/** A build starts some twenty processes. */
const MANY_PROCESSES_MS = 240_000;

let record: string;
let commands: string;
let account: ScriptedAccount;

async function freshAccount(): Promise<void> {
  record = mkdtempSync(join(tmpdir(), 'record-'));
  account = await ScriptedAccount.start(record);
  commands = writeRecordingCommands(record);
}

async function leaveAccount(): Promise<void> {
  await account.stop();
  expect(account.shapeFaults).toEqual([]);
}

/** Each build gets its sources anew: links to those of the product, so that what a build writes is its own. */
function sources(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'));
  for (const name of readdirSync(PRODUCT_ROOT)) {
    if (name !== 'dist' && !name.startsWith('.')) symlinkSync(join(PRODUCT_ROOT, name), join(folder, name));
  }
  mkdirSync(join(folder, 'dist'));
  symlinkSync(join(PRODUCT_ROOT, 'dist', 'tools'), join(folder, 'dist', 'tools'));
  return folder;
}

function build(project: 'PipelineProject' | 'BootstrapProject' = 'PipelineProject', more = {}): Promise<BuildResult> {
  return runBuild(SPEC, {
    folder: sources(),
    hasArtifacts: project === 'PipelineProject',
    environment: {
      ...{ PATH: `${commands}:${process.env['PATH'] ?? ''}`, HOME: record, RECORD: record },
      ...account.environment,
      ...environmentOfProject(VARIANT, project),
      CODEBUILD_RESOLVED_SOURCE_VERSION: '0123abc',
      ...more,
    },
  });
}

/** Without what differs from content to content. */
function outline(): string[] {
  return callsOf(record).map((call) =>
    call.replaceAll(/\b[0-9a-f]{40}\b/g, '<key>').replaceAll(REGISTRY, '<registry>'),
  );
}

const isPush = (call: string) => /^docker (buildx build|push)/.test(call);
const isRecording = (call: string) => call.startsWith('sdk PutParameter');
const uriOf = (name: string) => account.values.get(`/image-classifier/demo/images/${name}`);
const RECORDED = IMAGES.map((name) => `sdk PutParameter /image-classifier/demo/images/${name}`);

describe('a good build', () => {
  let result: BuildResult;

  beforeAll(async () => {
    await freshAccount();
    result = await build();
  }, MANY_PROCESSES_MS);
  afterAll(leaveAccount);

  it('tests first, then builds and pushes what is new, looks for weaknesses, and says last which images are the ones', () => {
    const { failedPhase, output, exported } = result;

    expect([failedPhase, output]).toEqual([undefined, expect.stringContaining('/images/model: ')]);
    expect(exported).toEqual({ WEB_CHANGED: 'true', WAS_CHANGED: 'true', MONITOR_CHANGED: 'true' });
    const calls = outline();
    expect(calls.slice(0, 3)).toEqual(['npm ci --no-audit --no-fund', 'npm run check', 'npm test']);
    // Two ends of a pipe start in any order.
    expect(calls.slice(3, 5).toSorted()).toEqual([
      'aws ecr get-login-password',
      'docker login --username AWS --password-stdin <registry>',
    ]);
    expect(calls.slice(5, 11)).toEqual([
      'docker buildx imagetools inspect public.ecr.aws/docker/library/node:24-bookworm-slim --format {{.Manifest.Digest}}',
      expect.stringMatching(/^docker pull --quiet <registry>\/storage-cacherepository:buildkit-v[\d.]+-\w+$/),
      expect.stringMatching(/^docker pull --quiet moby\/buildkit:v[\d.]+$/),
      expect.stringMatching(/^docker tag moby\/buildkit:\S+ <registry>\/storage-cacherepository:buildkit-\S+$/),
      expect.stringMatching(/^docker push --quiet <registry>\/storage-cacherepository:buildkit-\S+$/),
      expect.stringMatching(/^docker buildx create --name delivery --driver docker-container .* --bootstrap$/),
    ]);
    expect(calls.slice(11, 23)).toEqual(
      IMAGES.flatMap((name): unknown[] => [
        `sdk DescribeImages storage-${name}repository`,
        expect.stringContaining(`docker buildx build . --file Dockerfile.${name} --platform linux/amd64`),
        `sdk DescribeImages storage-${name}repository`,
      ]),
    );
    expect(calls.slice(23, 27)).toEqual(
      IMAGES.map((name) => `sdk DescribeImageScanFindings storage-${name}repository`),
    );
    expect(calls.slice(-4)).toEqual(RECORDED);
    expect(calls.filter(isRecording)).toHaveLength(4);
  });

  it('gives an image its content key as tag and build, the commit, the base by digest, and the layers of earlier builds', () => {
    const web = callsOf(record).find((call) => call.includes('Dockerfile.web')) ?? '';
    const [, key = ''] = /--tag \S+:([0-9a-f]{40})/.exec(web) ?? [];

    expect(web).toContain(
      `--build-arg NODE_IMAGE=${BASE} --build-arg BUILD=${key.slice(0, 12)} --build-arg REVISION=0123abc`,
    );
    expect(web).toContain(`--tag ${REGISTRY}/storage-webrepository:${key} --provenance=false --push`);
    const cache = `type=registry,ref=${REGISTRY}/storage-cacherepository:web`;
    expect(web).toContain(
      `--cache-from ${cache} --cache-to ${cache},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
    );
    const digest = ScriptedAccount.digestOf('storage-webrepository', key);
    expect(uriOf('web')).toBe(`${REGISTRY}/storage-webrepository@${digest}`);
  });

  it('hands the pipeline what CodeDeploy and ECS need', () => {
    const { artifacts } = result;

    const names = Object.entries(artifacts).map(([name, files]): string[] => [name, ...Object.keys(files).sort()]);
    expect(names).toEqual([
      ['web', 'appspec.yaml', 'imageDetail.json', 'taskdef.json'],
      ['was', 'appspec.yaml', 'imageDetail.json', 'taskdef.json'],
      ['monitor', 'imagedefinitions.json'],
    ]);
    expect(JSON.parse(artifacts['web']?.['imageDetail.json'] ?? '')).toEqual({ ImageURI: uriOf('web') });
    expect(JSON.parse(artifacts['monitor']?.['imagedefinitions.json'] ?? '')).toEqual([
      { name: 'app', imageUri: uriOf('monitor') },
    ]);
    expect(artifacts['was']?.['taskdef.json']).toContain('"image": "<IMAGE1_NAME>"');
  });

  it('uploads functions and the definition of the model pipeline under their hashes', () => {
    expect([...account.objects.keys()].map((key) => key.replace(/[0-9a-f]{64}/, '<hash>'))).toEqual(
      expect.arrayContaining([
        'functions/deploy-model/<hash>.zip',
        'functions/start-training/<hash>.zip',
        'pipelines/<hash>.json',
      ]),
    );
  });

  it(
    'is followed by one that builds nothing, asks Docker Hub for nothing, and leaves out what runs already',
    async () => {
      for (const name of ['was', 'web'] as const) {
        const text = (result.artifacts[name]?.['taskdef.json'] ?? '').replace('<IMAGE1_NAME>', uriOf(name) ?? '');
        const definition = JSON.parse(text) as TaskDefinition; // as CodePipeline registers it
        account.rollOut(name, { ...definition, ...saidByEcs(definition.family ?? '', 2) });
      }
      account.rollOut('monitor', withImage(registeredDefinition(VARIANT, 'monitor'), uriOf('monitor')));
      letFail(record, 'docker-hub');
      const before = callsOf(record).length;
      const second = await build();

      const calls = callsOf(record).slice(before);
      expect(second.output).toContain('web: nothing has changed since');
      expect(second.exported).toEqual({ WEB_CHANGED: 'false', WAS_CHANGED: 'false', MONITOR_CHANGED: 'false' });
      expect(calls.filter(isPush)).toEqual([]);
      expect(calls.join()).toContain('docker buildx create');
      expect(calls.join()).not.toContain('moby/buildkit');
      expect(meaningOf(second.artifacts)).toEqual(meaningOf(result.artifacts));
    },
    MANY_PROCESSES_MS,
  );

  /** Files of JSON say the same in any order of their members. */
  function meaningOf(artifacts: BuildResult['artifacts']): unknown[] {
    return Object.values(artifacts).flatMap((files) =>
      Object.entries(files).map(([name, text]): unknown => (name.endsWith('.json') ? JSON.parse(text) : text)),
    );
  }

  function withImage(definition: TaskDefinition, image = ''): TaskDefinition {
    const containerDefinitions = (definition.containerDefinitions ?? []).map((container) => ({ ...container, image }));
    return { ...definition, containerDefinitions, ...saidByEcs(definition.family ?? '', 2) };
  }
});

describe('a build', () => {
  beforeEach(freshAccount);
  afterEach(leaveAccount);

  it.each([
    ['npm-ci---no-audit---no-fund', 'install'],
    ['npm-run-check', 'pre_build'],
    ['npm-test', 'pre_build'],
  ])(
    'that fails in %s pushes nothing and records nothing',
    async (step, phase) => {
      letFail(record, step);
      const { failedPhase, artifacts } = await build();

      expect(failedPhase).toBe(phase);
      expect(callsOf(record).filter((call) => !call.startsWith('npm '))).toEqual([]);
      expect(artifacts).toEqual({});
    },
    MANY_PROCESSES_MS,
  );

  it(
    'that fails in a push stops there: no further image, nothing rendered, nothing recorded',
    async () => {
      letFail(record, 'push-wasrepository');
      const { failedPhase, output, artifacts } = await build();

      expect([failedPhase, output]).toEqual(['build', expect.stringContaining('failed to push')]);
      expect(callsOf(record).at(-1)).toContain('Dockerfile.was');
      expect(callsOf(record).filter(isRecording)).toEqual([]);
      expect([uriOf('web'), artifacts]).toEqual([undefined, {}]);
    },
    MANY_PROCESSES_MS,
  );

  it(
    'with a critical weakness names it and what to do, and rolls out nothing, also when it is tried again',
    async () => {
      account.findings.set('storage-wasrepository', [
        { name: 'CVE-2026-11111', severity: 'CRITICAL' },
        { name: 'CVE-2023-45853', severity: 'CRITICAL' },
        { name: 'CVE-2026-22222', severity: 'HIGH' },
      ]);
      for (const tries of ['first', 'again']) {
        const { failedPhase, output } = await build();

        expect([tries, failedPhase]).toEqual([tries, 'build']);
        expect(output).toContain('  storage-wasrepository: CVE-2026-11111\n');
        expect(output).toContain('critical, and allowed: CVE-2023-45853');
        expect(output).toContain("AllowedFindings in the stage's file, and npm run deploy.");
      }
      expect(callsOf(record).filter((call) => call.startsWith('docker buildx build'))).toHaveLength(4);
      expect(callsOf(record).filter(isRecording)).toEqual([]);
    },
    MANY_PROCESSES_MS,
  );

  it(
    'for ARM, where no builder can be had, builds all the same, and the model for the x86 of SageMaker',
    async () => {
      letFail(record, 'docker-hub');
      const { failedPhase, output } = await build('PipelineProject', { SERVICE_PLATFORM: 'linux/arm64' });

      expect([failedPhase, output]).toEqual([undefined, expect.stringContaining('No builder can be had')]);
      const builds = callsOf(record).filter((call) => call.startsWith('docker buildx build'));
      expect(builds.map((call) => /Dockerfile\.(\w+ --platform \S+)/.exec(call)?.[1])).toEqual([
        'web --platform linux/arm64',
        'was --platform linux/arm64',
        'monitor --platform linux/arm64',
        'model --platform linux/amd64',
      ]);
      expect(builds.join()).not.toContain('--cache');
    },
    MANY_PROCESSES_MS,
  );

  it(
    'for the bootstrap tests, builds, uploads and records, asks for no service, and does without keeping its builder',
    async () => {
      for (const name of [...account.values.keys()])
        if (/\/(services|platform|ml)\//.test(name)) account.values.delete(name);
      account.services.clear();
      letFail(record, 'cache');
      const { failedPhase, output, artifacts } = await build('BootstrapProject');

      expect([failedPhase, output]).toEqual([undefined, expect.stringContaining('There are no services yet')]);
      expect(output).toContain('could not be kept for the next build');
      const calls = callsOf(record);
      expect(calls).toContain('npm test');
      expect(calls.join()).toContain('--cache-from');
      expect(calls.filter((call) => /Describe(Services|TaskDefinition)|GetParameters/.test(call))).toEqual([]);
      expect(calls.slice(-4)).toEqual(RECORDED);
      expect(artifacts).toEqual({});
    },
    MANY_PROCESSES_MS,
  );
});

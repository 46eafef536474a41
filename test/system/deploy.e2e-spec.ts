// Another model takes the place of the one that serves, under load; and packages that cannot be served are refused, when
// they are deployed and when the system is started with them.
import { ClassificationResponse, ModelResponse } from '@app/contracts/classification';
import { ModelManifest } from '@app/contracts/sagemaker';
import {
  ContainerStartError,
  describeExit,
  distFile,
  findFreePort,
  LocalEndpoint,
  ManagedProcess,
} from '@app/sagemaker-local';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeColourClassifier } from '../../libs/onnx/src/testing';
import { photo } from '../support/images';
import { leaksIn } from '../support/leaks';
import { raw, Reply, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';

const SHIPPED = 'models/everyday-objects';

const folders = mkdtempSync(join(tmpdir(), 'packages-'));

afterAll(() => {
  rmSync(folders, { recursive: true });
});

/** A copy of the shipped package with another manifest. */
function packageWith(change: (manifest: ModelManifest) => unknown = (manifest) => manifest): string {
  const folder = mkdtempSync(join(folders, 'package-'));
  cpSync(SHIPPED, folder, { recursive: true });
  const file = join(folder, 'model.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as ModelManifest)));
  return folder;
}

interface BadPackage {
  readonly title: string;
  readonly make: () => string | Promise<string>;
  /** What is said about it, from the start of the sentence to its end. */
  readonly sentence: RegExp;
}

const badPackages: readonly BadPackage[] = [
  {
    title: 'whose graph is truncated',
    make: () => {
      const folder = packageWith();
      truncateSync(join(folder, 'model.onnx'), 5_000_000);
      return folder;
    },
    sentence: /\S+model\.onnx cannot be loaded; it is incomplete, damaged or no ONNX model \(.+\)\./,
  },
  {
    title: 'with too few labels',
    make: () => packageWith((manifest) => ({ ...manifest, labels: manifest.labels.slice(1) })),
    sentence: /\S+model\.onnx does not fit its model\.json: its output "logits" has 200 values, and labels names 199\./,
  },
  {
    title: 'whose graph takes other inputs',
    make: async () => {
      const folder = packageWith();
      await writeColourClassifier(join(folder, 'model.onnx'), { input: 'float32' });
      return folder;
    },
    sentence: /\S+model\.onnx does not fit its model\.json: its input "image" is float32, not uint8\./,
  },
  {
    title: 'whose model.json lacks a field',
    make: () => packageWith(({ temperature, ...manifest }) => manifest),
    sentence: /\S+model\.json .*temperature must be /,
  },
  {
    title: 'whose model.json is no JSON',
    make: () => {
      const folder = packageWith();
      writeFileSync(join(folder, 'model.json'), '{ "name": ');
      return folder;
    },
    sentence: /\S+model\.json .*JSON/,
  },
];

describe('a deployment while photos are sent', () => {
  let endpoint: LocalEndpoint;
  let system: RunningSystem;
  let image: Buffer;

  beforeAll(async () => {
    endpoint = await LocalEndpoint.start({
      endpointName: 'image-classifier',
      packageDir: SHIPPED,
      port: 0,
      environment: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', DRAIN_DELAY_MS: '0' },
    });
    system = await startSystem({ tiers: ['was', 'web'], via: { endpoint: () => Promise.resolve(endpoint.url) } });
    image = await photo();
  });

  afterAll(async () => {
    await system.stop();
    await endpoint.stop();
  });

  const classify = () => send(`${system.url}/api/v1/classifications`, raw(image));
  const versionIn = ({ text }: Reply) => (JSON.parse(text) as ClassificationResponse).model.version;
  const describedVersion = async () => {
    const { text } = await send(`${system.url}/api/v1/model`, { method: 'GET' });
    return (JSON.parse(text) as ModelResponse).version;
  };

  /** Sends photos from two clients, one after the other each, until the work is done. */
  async function underLoad(work: () => Promise<void>): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    let isDone = false;
    const client = async () => {
      while (!isDone) replies.push(await classify());
    };
    const clients = Array.from({ length: 2 }, client);
    await work().finally(() => (isDone = true));
    await Promise.all(clients);
    return replies;
  }

  it('costs no request, and answers and description name the new version at once', async () => {
    const before = await describedVersion();
    const green = packageWith((manifest) => ({ ...manifest, version: '7.0.0' }));
    let first: Reply | undefined;
    let described: string | undefined;

    const replies = await underLoad(async () => {
      await endpoint.deploy(green);
      first = await classify();
      described = await describedVersion();
    });

    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
    expect(first && versionIn(first)).toBe('7.0.0');
    expect(described).toBe('7.0.0');
    const versions = replies.map(versionIn);
    expect(new Set(versions)).toEqual(new Set([before, '7.0.0']));
    expect(endpoint.describe()).toMatchObject({ status: 'InService', model: { packageDir: green, ready: true } });
  });

  // The container's other refusals are all alike on this way; npm start below meets each of them.
  it.each(badPackages.slice(0, 2))(
    'of a package $title is refused with a sentence, and costs no request',
    async (bad) => {
      const folder = await bad.make();
      const before = endpoint.describe();
      let refusal: unknown;

      const replies = await underLoad(async () => {
        refusal = await endpoint.deploy(folder).catch((error: unknown) => error);
      });

      expect(refusal).toBeInstanceOf(ContainerStartError);
      expect((refusal as ContainerStartError).message).toMatch(bad.sentence);
      expect((refusal as ContainerStartError).message).toContain(folder);
      expect(endpoint.describe()).toEqual(before);
      expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
      expect(replies.flatMap(({ text }) => leaksIn(text, system))).toEqual([]);
    },
  );
});

describe('npm start', () => {
  it.each([
    ...badPackages,
    {
      title: 'that is not there',
      make: () => join(tmpdir(), 'no-such-package'),
      sentence: /The model cannot be served: there is no folder \S+no-such-package\. .*--model/,
    },
    {
      title: 'without a graph',
      make: () => {
        const folder = mkdtempSync(join(folders, 'package-'));
        cpSync(join(SHIPPED, 'model.json'), join(folder, 'model.json'));
        return folder;
      },
      sentence: /The model cannot be served: \S+model\.onnx missing\. .*--model/,
    },
  ])('refuses a package $title, and says which and why', async ({ make, sentence }) => {
    const folder = await make();
    const lines: string[] = [];
    const state = mkdtempSync(join(folders, 'state-'));
    const port = String(await findFreePort());
    const starter = new ManagedProcess({
      command: [distFile('tools/start-local/main.js'), '--model', folder, '--state', state, '--port', port],
      environment: { PATH: process.env['PATH'], NO_COLOR: '1' },
      onLine: (line) => lines.push(line),
    });

    const exit = await starter.exited;

    expect(describeExit({ code: exit.code, signal: exit.signal })).toBe('exit code 1');
    const said = lines.filter((line) => sentence.test(line));
    expect(said.length).toBeGreaterThan(0);
    expect(said.join()).toContain(folder);
    expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
  });
});

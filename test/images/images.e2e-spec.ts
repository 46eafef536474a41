// The four images, built for real and run as a container engine would run them: what is in them, and that together they classify.
import { ClassificationResponse } from '@app/contracts/classification';
import { PRODUCT_ROOT, PRODUCT_VERSION } from '@app/platform/product';
import { findFreePort } from '@app/sagemaker-local';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineOf } from '../../tools/images/platform';
import { describeTree } from '../../tools/images/digest-tree';
import { IMAGE_NAMES, ImageName } from '../../tools/images/image-contents';
import { planImage } from '../../tools/images/plan-image';
import { until } from '../support/conditions';
import { photo } from '../support/images';
import { writePhotoFolders } from '../support/photo-folder';
import { raw, send } from '../support/requests';
import { dockerfilePath, healthCheckOf, ImageStore, MountedImage, whyNoImages } from './support/built-image';
import { binariesIn, bytesOf, filesIn, foreignTo } from './support/image-files';
import { ownPid, startIsolated } from './support/isolated';
import { RunningTiers, SERVICES, startTiers, STOP_GRACE_MS, untilAnswers } from './support/running-tiers';
import { statedLimits } from './support/stated-sizes';

const reason = whyNoImages();
const BUILD_LIMIT_MS = 900_000;
const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

let images: Record<ImageName, MountedImage>;
const folder = mkdtempSync(join(tmpdir(), 'images-'));
let store: ImageStore;

function healthCheck(name: ImageName): string[] {
  return healthCheckOf(readFileSync(dockerfilePath(name), 'utf8'));
}

(reason === undefined ? describe : describe.skip)(
  `the images${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    beforeAll(() => {
      store = new ImageStore(join(folder, 'store'));
      store.addBase();
      const built = IMAGE_NAMES.map((name) => [name, store.build(name)]);
      images = Object.fromEntries(built) as Record<ImageName, MountedImage>;
    }, BUILD_LIMIT_MS);

    afterAll(() => {
      store.remove();
      rmSync(folder, { recursive: true });
    }, BUILD_LIMIT_MS);

    describe.each(IMAGE_NAMES)('%s', (name) => {
      const app = () => join(images[name].root, 'app');

      it('holds the packages that it needs, each whole and no other', async () => {
        const plan = await planImage(PRODUCT_ROOT, name, PLATFORM);
        const packages = [...filesIn(app())].filter((file) =>
          /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file),
        );
        const places = plan.packages.map(({ place }) => place);

        expect(places.filter((place) => !packages.includes(`${place}/package.json`))).toEqual([]);
        const { status, stdout } = spawnSync('npm', ['ls', '--all', '--json'], { cwd: app(), encoding: 'utf8' });
        expect({ status, problems: (JSON.parse(stdout) as { problems?: string[] }).problems }).toEqual({ status: 0 });
      });

      it('holds no packages of development, and no binaries where none belong', () => {
        const isThere = (packageName: string) => existsSync(join(app(), 'node_modules', packageName));
        const { packages } = JSON.parse(readFileSync(join(PRODUCT_ROOT, 'package-lock.json'), 'utf8')) as {
          packages: Record<string, { dev?: boolean }>;
        };
        const ofDevelopment = Object.entries(packages).filter(([, { dev }]) => dev === true);

        expect(ofDevelopment.map(([place]) => place).filter((place) => existsSync(join(app(), place)))).toEqual([]);
        expect(isThere('onnxruntime-node')).toBe(name === 'model');
        expect(isThere('sharp')).toBe(name === 'model' || name === 'was');
        expect(isThere('@aws-sdk/client-sagemaker')).toBe(false);
      });

      it('holds binaries of its own machine only', () => {
        const binaries = binariesIn(app());

        expect(binaries.length > 0).toBe(name === 'model' || name === 'was');
        expect(foreignTo(machineOf(PLATFORM), app(), binaries)).toEqual([]);
      });

      it('holds compiled code and no sources, source maps or tests', () => {
        const own = [...filesIn(app())].filter((file) => !file.startsWith('node_modules/'));

        expect(own).toContain(`dist/apps/${name}/src/main.js`);
        expect(own.filter((file) => /\.(ts|tsx|map)$|\.(e2e-)?spec\.|(^|\/)tests?\//.test(file))).toEqual([]);
        expect(own.filter((file) => /^dist\/(tools|bench|libs\/sagemaker-local)\//.test(file))).toEqual([]);
      });

      it('is no larger than docs/images.md says', () => {
        expect(bytesOf(app()) / 1e6).toBeLessThan(statedLimits()[name]);
      });

      it('has Node 24, which its user can start', () => {
        expect(images[name].run('node', '--version')).toMatch(/^v24\./);
      }, 120_000);
    });

    it(
      'are the same again when they are built again from another clone, without a cache',
      async () => {
        const lines = async (...folders: string[]) =>
          (await Promise.all(folders.map((one) => describeTree(one)))).flat().sort();
        const again = store.buildAgain();
        for (const name of IMAGE_NAMES) {
          const laidOut = join(again.root, 'image', name);
          const expected = [...new Set(await lines(join(laidOut, 'packages'), join(laidOut, 'product')))];
          expect({ name, tree: await lines(join(images[name].root, 'app')) }).toEqual({ name, tree: expected });
        }
      },
      BUILD_LIMIT_MS,
    );

    describe('together', () => {
      let tiers: RunningTiers;

      beforeAll(async () => {
        tiers = await startTiers(images);
      }, 300_000);

      afterAll(() => tiers.stop(), 120_000);

      it('classify a photo, and monitor sees it', async () => {
        const reply = await send(
          `${tiers.services.web.url}/api/v1/classifications`,
          raw(await photo({ format: 'jpeg' }), 'image/jpeg'),
        );

        expect(reply.status).toBe(200);
        const { model, predictions } = JSON.parse(reply.text) as ClassificationResponse;
        expect(model.name).toBe('everyday-objects');
        expect(predictions).toHaveLength(5);
        await until(async () =>
          /^classifier_classifications_total\{.*\} 1$/m.test(
            await (await fetch(`${tiers.services.monitor.url}/metrics`)).text(),
          ),
        );
        const health = (await (await fetch(`${tiers.services.web.url}/health`)).json()) as {
          status: string;
          tiers: object[];
        };
        expect(health).toMatchObject({ status: 'ok' });
        expect(health.tiers).toHaveLength(4);
      }, 60_000);

      it.each(SERVICES)('%s tells its version and build', async (name) => {
        const answer = await (await fetch(`${tiers.services[name].url}/version`)).json();

        expect(answer).toEqual({ version: PRODUCT_VERSION, build: `build-of-${name}` });
      });

      it('web serves its page with its style and the viewer of its description', async () => {
        const page = await (await fetch(`${tiers.services.web.url}/`)).text();
        const [, style = ''] = /href="([^"]+\.css)"/.exec(page) ?? [];

        expect((await fetch(new URL(style, tiers.services.web.url))).status).toBe(200);
        const docs = await (await fetch(`${tiers.services.web.url}/docs`)).text();
        const scripts = [...docs.matchAll(/src="([^"]+\.js)"/g)].map(([, path = '']) => path);
        expect(scripts.length).toBeGreaterThan(0);
        for (const path of scripts) expect((await fetch(new URL(path, tiers.services.web.url))).status).toBe(200);
      });

      it.each(SERVICES)(
        '%s: the health check is content while it runs; SIGTERM, to process 1, ends it cleanly; then the check fails',
        async (name) => {
          const { process: tier, environment, lines } = tiers.services[name];
          const checked = () => startIsolated(images[name], environment, { command: healthCheck(name) }).exited;

          expect(await checked()).toMatchObject({ code: 0 });
          expect(ownPid(tier)).toBe(1);
          expect(await tier.stop(STOP_GRACE_MS)).toMatchObject({ code: 0, signal: null });
          expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(
            expect.arrayContaining(['listening', 'draining', 'stopped']),
          );
          expect(lines.filter((line) => /EROFS|EACCES|read-only/.test(line))).toEqual([]);
          expect(await checked()).toMatchObject({ code: 1 });
        },
        120_000,
      );
    });

    describe('model by itself', () => {
      const base = (name: string) => {
        const place = join(folder, name);
        mkdirSync(place, { recursive: true });
        const temporary = join(folder, `${name}-tmp`);
        mkdirSync(temporary);
        return {
          place,
          mounts: [
            { from: place, to: '/opt/ml' },
            { from: temporary, to: '/tmp' }, // where training keeps what it computes
          ],
        };
      };

      it('serves what lies at /opt/ml/model, is healthy, and ends with 0 on SIGTERM', async () => {
        const { place, mounts } = base('serve');
        cpSync(join(PRODUCT_ROOT, 'models', 'everyday-objects'), join(place, 'model'), { recursive: true });
        const port = await findFreePort();
        const environment = { SAGEMAKER_BIND_TO_PORT: `${port}`, DRAIN_DELAY_MS: '0' };
        const lines: string[] = [];
        const model = startIsolated(images.model, environment, { parameters: ['serve'], mounts }, (line) =>
          lines.push(line),
        );
        try {
          await untilAnswers(`http://127.0.0.1:${port}/ping`, model, lines);
          const check = startIsolated(images.model, environment, { command: healthCheck('model') });
          expect(await check.exited).toMatchObject({ code: 0 });
          expect(ownPid(model)).toBe(1);
        } finally {
          expect(await model.stop(STOP_GRACE_MS)).toMatchObject({ code: 0, signal: null });
          expect(lines.filter((line) => /EROFS|EACCES|read-only|telemetry/i.test(line))).toEqual([]);
        }
      }, 120_000);

      it('trains on a few photos and evaluates what came of it, in the folders of SageMaker', async () => {
        const { place, mounts } = base('jobs');
        const photos = await writePhotoFolders(join(folder, 'photos'), { train: 12, test: 4 });
        mkdirSync(join(place, 'input', 'config'), { recursive: true });
        writeFileSync(join(place, 'input', 'config', 'hyperparameters.json'), '{"model-name":"few-photos"}');
        cpSync(photos.train, join(place, 'input', 'data', 'train'), { recursive: true });

        const training = startIsolated(images.model, {}, { parameters: ['train'], mounts });
        expect(await training.exited).toMatchObject({ code: 0 });
        expect(existsSync(join(place, 'model', 'model.json'))).toBe(true);

        cpSync(join(place, 'model'), join(place, 'processing', 'input', 'model'), { recursive: true });
        cpSync(photos.test, join(place, 'processing', 'input', 'test'), { recursive: true });
        const evaluation = startIsolated(images.model, {}, { parameters: ['evaluate'], mounts });
        expect(await evaluation.exited).toMatchObject({ code: 0 });
        expect(existsSync(join(place, 'processing', 'output', 'evaluation', 'evaluation.json'))).toBe(true);
      }, 300_000);

      it('says why a job fails where SageMaker looks for it', async () => {
        const { place, mounts } = base('nothing');

        const training = startIsolated(images.model, {}, { parameters: ['train'], mounts });

        expect((await training.exited).code).toBeGreaterThan(0);
        expect(readFileSync(join(place, 'output', 'failure'), 'utf8')).not.toBe('');
      }, 60_000);

      it('refuses a job that it does not know', async () => {
        const model = startIsolated(images.model, {}, { parameters: ['dance'] });

        expect(await model.exited).toMatchObject({
          code: 64,
          lastError: expect.stringContaining('"dance" is unknown'),
        });
      }, 60_000);
    });
  },
);

if (reason !== undefined) console.warn(`no image was built: ${reason}`);

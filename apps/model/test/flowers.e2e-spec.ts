// The product's quality figure: photos of flowers, learnt by the training job with nothing but defaults, and classified as in service.
import { calibrationBins, expectedCalibrationError } from '@app/learning';
import { PRODUCT_ROOT } from '@app/platform/product';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Classifier } from '../src/inference/classifier';
import { loadModelPackage } from '../src/model-package/load-model-package';
import { JobProcess } from './support/job-process';

const FLOWERS = join(PRODUCT_ROOT, '..', 'shared', 'data', 'flowers');
const WORKERS = 2;
/** The machine may be busy with other things. */
const PATIENCE_MS = 600_000;

(existsSync(FLOWERS) ? describe : describe.skip)('flowers (skipped where ../shared/data/flowers is absent)', () => {
  let base: string;
  beforeAll(() => (base = mkdtempSync(join(tmpdir(), 'flowers-'))));
  afterAll(() => rmSync(base, { recursive: true }));

  it(
    'are told apart as well as the product says, and it knows how sure it is',
    async () => {
      await mkdir(join(base, 'input', 'config'), { recursive: true });
      await mkdir(join(base, 'input', 'data'));
      await writeFile(join(base, 'input', 'config', 'hyperparameters.json'), '{"model-name":"flowers"}');
      for (const part of ['train', 'test']) await symlink(join(FLOWERS, part), join(base, 'input', 'data', part));
      const { code, stderr } = await new JobProcess('train', { SAGEMAKER_BASE_DIR: base }).finished;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

      const answers = await classifyAll(join(FLOWERS, 'test'));

      const isRight = answers.map(({ label, predicted }) => label === predicted);
      const accuracy = isRight.filter(Boolean).length / answers.length;
      const ece = expectedCalibrationError(
        calibrationBins(
          Float64Array.from(answers, ({ score }) => score),
          isRight,
        ),
      );
      expect(answers).toHaveLength(396);
      // 97.2 % and 0.011 were measured when this was written.
      expect(accuracy).toBeGreaterThanOrEqual(0.96);
      expect(ece).toBeLessThanOrEqual(0.03);
    },
    PATIENCE_MS,
  );

  async function classifyAll(folder: string) {
    const loaded = await loadModelPackage(join(base, 'model'), { workers: WORKERS, maxQueue: 1000 });
    try {
      const classifier = new Classifier(loaded);
      const files = await readdir(folder, { recursive: true });
      const photos = files.filter((name) => name.endsWith('.jpg'));
      return await Promise.all(
        photos.map(async (photo) => {
          const { answer } = await classifier.classify(await readFile(join(folder, photo)));
          const [best] = answer.predictions;
          return { label: photo.split('/')[0], predicted: best?.label, score: best?.score ?? NaN };
        }),
      );
    } finally {
      await loaded.pool.close();
    }
  }
});

import { Header } from '@app/contracts';
import { ModelAnswer } from '@app/contracts/sagemaker';
import { listen, loadConfig, PRODUCT_ROOT } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createModelApp } from '../src/create-model-app';
import { ModelConfig } from '../src/model.config';
import { ModelHost } from '../src/serving/model-host';

const PACKAGE = join(PRODUCT_ROOT, 'models', 'everyday-objects');
const PHOTOS = join(PRODUCT_ROOT, '..', 'shared', 'data', 'photos', 'known');
const isComplete = existsSync(join(PACKAGE, 'model.onnx')) && existsSync(PHOTOS);

(isComplete ? describe : describe.skip)('everyday-objects on photos (skipped where ../shared/data is absent)', () => {
  let app: NestExpressApplication;
  let address: string;

  beforeAll(async () => {
    app = await createModelApp(loadConfig(ModelConfig, { MODEL_DIR: PACKAGE, LOG_LEVEL: 'silent' }));
    address = `http://127.0.0.1:${await listen(app, 0, '127.0.0.1')}`;
    await app.get(ModelHost).load();
  });
  afterAll(() => app.close());

  async function classify(photo: string): Promise<ModelAnswer> {
    const response = await fetch(`${address}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-image', [Header.customAttributes]: 'heatmap=true' },
      body: new Uint8Array(readFileSync(join(PHOTOS, photo))),
    });
    return (await response.json()) as ModelAnswer;
  }

  it('has the right label among the first five for most photos, and shows where it looked', async () => {
    const photos = readdirSync(PHOTOS).filter((name) => /\.jpe?g$/i.test(name));
    let right = 0;
    for (const photo of photos) {
      const { predictions, heatmap } = await classify(photo);
      if (predictions.some(({ label }) => photo.startsWith(label))) right += 1;
      expect(heatmap).toMatchObject({ label: predictions[0]?.label, width: 4, height: 4 });
    }
    // 89 % of 45 were measured when the model was made; far below that, the pixels are wrong.
    expect(right / photos.length).toBeGreaterThan(0.8);
  });
});

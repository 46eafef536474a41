// A photo through all tiers, as processes: web, was, the AWS SDK, the local endpoint, the model that ships.
import { ClassificationResponse } from '@app/contracts/classification';
import { ModelManifest } from '@app/contracts/sagemaker';
import { decodeForModel } from '@app/imaging';
import { createSessionPool } from '@app/onnx';
import { parseServerTiming } from '@app/platform';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { softmax } from '../../apps/model/src/inference/probabilities';
import { until } from '../support/conditions';
import {
  cmykJpeg,
  displayP3Photo,
  grey,
  onePixel,
  orientedPhoto,
  palettePng,
  phonePhoto,
  photo,
  png16Bit,
  sharedPhotos,
  transparent,
} from '../support/images';
import { leaksIn } from '../support/leaks';
import { form, Message, raw, Reply, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';
import { alarms, logRecords } from '../support/system-log';

const MODEL_FOLDER = 'models/everyday-objects';
const { known, other, flowers } = sharedPhotos();
const withSharedPhotos = known.length > 0 ? describe : describe.skip;

const tmpFolder = mkdtempSync(join(tmpdir(), 'system-tmp-'));
let system: RunningSystem;

beforeAll(async () => {
  const environment = { LOG_LEVEL: 'info', TMPDIR: tmpFolder };
  system = await startSystem({ environment: { web: environment, was: environment, endpoint: environment } });
});

afterAll(async () => {
  await system.stop();
});

function classify(message: Message, query = ''): Promise<Reply> {
  return send(`${system.url}/api/v1/classifications${query}`, message);
}

async function answerTo(message: Message, query = ''): Promise<ClassificationResponse> {
  const { status, text } = await classify(message, query);
  expect({ status, leaks: leaksIn(text, system) }).toEqual({ status: 200, leaks: [] });
  return JSON.parse(text) as ClassificationResponse;
}

const asForm = (image: Buffer) =>
  form({ field: 'image', filename: 'photo.jpg', mediaType: 'image/jpeg', content: image });

/** What does not change when the same image is sent once more. */
const lasting = ({ id, timing, ...rest }: ClassificationResponse) => rest;

function everyFourth<T>(items: readonly T[]): T[] {
  return items.filter((_, index) => index % 4 === 0);
}

async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>, size = 4): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += size) {
    results.push(...(await Promise.all(items.slice(at, at + size).map(work))));
  }
  return results;
}

withSharedPhotos('photos of known things (skipped without ../shared/data)', () => {
  const labelOf = (file: string) => basename(file).split('_', 1)[0] ?? '';

  it('get the answers that the card of the model promises, as a form and as raw bytes alike', async () => {
    const answers = await inGroups(known, async (file) => {
      const image = readFileSync(file);
      const [sentAsForm, sentRaw] = [await answerTo(asForm(image)), await answerTo(raw(image))];
      expect(lasting(sentRaw)).toEqual(lasting(sentAsForm));
      return { label: labelOf(file), answer: sentAsForm };
    });
    const right = answers.filter(({ label, answer }) => answer.predictions[0]?.label === label).length;
    const amongFive = answers.filter(({ label, answer }) =>
      answer.predictions.some((one) => one.label === label),
    ).length;

    const { metrics } = JSON.parse(readFileSync(join(MODEL_FOLDER, 'model.json'), 'utf8')) as ModelManifest;
    expect(known).toHaveLength(Number(metrics?.['photos']));
    // One photo more or less may be on the edge with another build of the image library.
    expect(Math.abs(right - Number(metrics?.['photosTop1']) * known.length)).toBeLessThan(1.5);
    expect(Math.abs(amongFive - Number(metrics?.['photosTop5']) * known.length)).toBeLessThan(1.5);
  }, 60_000);

  it('are recognised: a pizza is a pizza, in English and in Korean', async () => {
    const pizza = readFileSync(known.find((file) => file.includes('pizza')) ?? '');
    const { headers, body } = asForm(pizza);

    const answer = await answerTo({ headers, body });
    const korean = await classify({ headers: { ...headers, 'accept-language': 'ko-KR,ko;q=0.9' }, body });

    expect(answer).toMatchObject({ decision: 'label', label: 'n07873807' });
    expect(answer.predictions[0]).toMatchObject({ label: 'n07873807', name: 'pizza', score: answer.score });
    expect(answer.image).toMatchObject({
      bytes: pizza.length,
      sha256: createHash('sha256').update(pizza).digest('hex'),
    });
    expect(korean.headers['content-language']).toBe('ko');
    expect((JSON.parse(korean.text) as ClassificationResponse).predictions[0]).toMatchObject({
      label: 'n07873807',
      name: '피자',
    });
  });
});

describe('the way through all tiers', () => {
  it('changes nothing about what the model says of an image', async () => {
    const images = [
      ...[...known, ...other, ...everyFourth(flowers)].map((file) => readFileSync(file)),
      ...(await Promise.all([1, 2, 3, 4].map((seed) => photo({ seed, width: 900, height: 600 })))),
    ];
    const { labels, input, temperature } = JSON.parse(
      readFileSync(join(MODEL_FOLDER, 'model.json'), 'utf8'),
    ) as ModelManifest;
    const pool = await createSessionPool({
      modelPath: join(MODEL_FOLDER, 'model.onnx'),
      workers: 1,
      maxQueue: images.length,
    });

    const differences = await inGroups(images, async (image) => {
      const { pixels } = await decodeForModel(image, input);
      const { outputs } = await pool.run({
        feeds: { image: { type: 'uint8', dims: [1, input.size, input.size, 3], data: pixels } },
        outputs: ['logits'],
      });
      const direct = softmax(outputs['logits']?.data ?? new Float32Array(), temperature);
      const best = direct.indexOf(Math.max(...direct));
      const { predictions } = await answerTo(raw(image, 'application/octet-stream'));
      expect(predictions[0]?.label).toBe(labels[best]?.id);
      return Math.abs((predictions[0]?.score ?? 0) - (direct[best] ?? 1));
    });
    await pool.close();

    expect(differences).toHaveLength(images.length);
    expect(Math.max(...differences)).toBeLessThanOrEqual(0.01);
  }, 120_000);

  it('can be followed by one request id and one trace in the logs of web, was and model', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { headers, body } = raw(await photo());
    const reply = await classify({
      headers: { ...headers, 'x-request-id': 'followed-request-1', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body,
    });

    expect(reply.headers).toMatchObject({
      'x-request-id': 'followed-request-1',
      traceparent: expect.stringMatching(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
    });
    const followed = () => logRecords(system).filter(({ requestId }) => requestId === 'followed-request-1');
    await until(() => followed().length >= 3);
    expect(followed().map(({ service, msg, traceId }) => ({ service, msg, traceId }))).toEqual(
      expect.arrayContaining([
        { service: 'web', msg: 'POST /api/v1/classifications 200', traceId },
        { service: 'was', msg: 'POST /v1/classifications 200', traceId },
        { service: 'model', msg: 'POST /invocations 200', traceId },
      ]),
    );
  });

  it('names every request, and tells where the time went', async () => {
    const reply = await classify(raw(await photo()));
    const { timing } = JSON.parse(reply.text) as ClassificationResponse;
    const parts = parseServerTiming(String(reply.headers['server-timing']));

    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.keys(parts)).toEqual(['decode', 'queue', 'infer', 'hops', 'total']);
    expect(parts['infer']).toBeGreaterThan(0);
    expect(parts['decode']).toBeGreaterThan(0);
    expect(timing.inferMs).toBeGreaterThan(0);
    const { decode = 0, queue = 0, infer = 0, hops = 0, total = 0 } = parts;
    expect(decode + queue + infer + hops).toBeCloseTo(total, 0);
  });

  it('leaves nothing on the disk', async () => {
    const files = () =>
      ['.', tmpFolder].flatMap((folder) =>
        readdirSync(folder, { recursive: folder === tmpFolder }).map((file) => join(folder, String(file))),
      );
    const before = files();
    const image = await photo({ width: 2000, height: 1500 });

    await answerTo(asForm(image));
    await answerTo(raw(image));
    await classify(asForm(image.subarray(0, 20_000)));

    expect(files()).toEqual(before);
  });
});

describe('an image', () => {
  it('gets as many predictions as are asked for, best first', async () => {
    const image = raw(await photo());

    const { predictions: five } = await answerTo(image);
    const { predictions: three } = await answerTo(image, '?top_k=3');
    const { predictions: hundred } = await answerTo(image, '?top_k=100');

    expect(three).toEqual(five.slice(0, 3));
    expect(five).toEqual(hundred.slice(0, 5));
    expect(hundred).toHaveLength(100);
    const scores = hundred.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('is explained by a heatmap when that is asked for', async () => {
    const image = raw(await photo({ width: 600, height: 400 }));

    const { heatmap, label, predictions } = await answerTo(image, '?heatmap=true');

    expect(heatmap).toMatchObject({ label: predictions[0]?.label, width: 4, height: 4 });
    expect(label === null || label === heatmap?.label).toBe(true);
    expect(heatmap?.values).toHaveLength(16);
    expect(Math.max(...(heatmap?.values ?? []))).toBe(1);
    expect(Math.min(...(heatmap?.values ?? []))).toBeGreaterThanOrEqual(0);
    // The model sees the centre square of 600 x 400.
    expect(heatmap?.region.width).toBeCloseTo(400 / 600, 1);
    expect(heatmap?.region).toMatchObject({ y: 0, height: 1 });
    expect(await answerTo(image)).not.toHaveProperty('heatmap');
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'with EXIF orientation %i gets the answer of the upright one',
    async (orientation) => {
      const upright = await answerTo(raw(await orientedPhoto(1)));

      const turned = await answerTo(raw(await orientedPhoto(orientation)));
      const turnedPng = await answerTo(raw(await orientedPhoto(orientation, 'png'), 'image/png'));

      // The blocks of a JPEG, and what resizing rounds between rows and columns, lie elsewhere in a turned image.
      for (const answer of [turned, turnedPng]) {
        expect(answer.image).toMatchObject({ width: 160, height: 96 });
        expect(answer.predictions[0]?.label).toBe(upright.predictions[0]?.label);
        expect(Math.abs(answer.score - upright.score)).toBeLessThan(0.03);
      }
    },
  );

  it.each([
    ['CMYK', () => cmykJpeg(), 'jpeg'],
    ['16 bits a channel', () => png16Bit(), 'png'],
    ['grey', () => grey(), 'jpeg'],
    ['grey, as WebP', () => grey({ format: 'webp' }), 'webp'],
    ['a palette', () => palettePng(), 'png'],
    ['transparency', () => transparent(), 'png'],
    ['transparency, as WebP', () => transparent({ format: 'webp' }), 'webp'],
    ['the colours of Display P3', () => displayP3Photo(), 'jpeg'],
    ['a single pixel', () => onePixel('jpeg'), 'jpeg'],
    ['a single pixel, as PNG', () => onePixel('png'), 'png'],
    ['a single pixel, as WebP', () => onePixel('webp'), 'webp'],
  ])('of another kind is answered: %s', async (_, make, format) => {
    const { image, predictions } = await answerTo(raw(await make(), 'application/octet-stream'));

    expect(image.format).toBe(format);
    expect(predictions).toHaveLength(5);
  });

  it('of 12 megapixels, as a phone saves it, is answered upright', async () => {
    const image = await phonePhoto();

    const answer = await answerTo(asForm(image), '?heatmap=true');

    expect(answer.image).toMatchObject({ width: 3024, height: 4032, bytes: image.length });
    expect(answer.heatmap?.region).toMatchObject({ x: 0, width: 1 });
  });
});

it('all of this was no reason for anybody to act', () => {
  expect(alarms(system)).toEqual([]);
});

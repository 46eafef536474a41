import { existsSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLOUR_GAIN, writeColourClassifier } from '../testing';
import { ModelLoadError, PoolUnavailableError, QueueFullError, RunFailedError, WorkerLostError } from '.';
import { createSessionPool, RunRequest, SessionPool, SessionPoolInternals, SessionPoolOptions } from './session-pool';

const DYING: SessionPoolInternals = {
  workerFile: join(__dirname, '..', 'testing', 'dying-session-worker.js'),
  firstRestartDelayMs: 5,
};

describe('SessionPool', () => {
  let folder: string;
  let model: string;
  let slowModel: string;
  const pools: SessionPool[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'session-pool-'));
    model = join(folder, 'model.onnx');
    slowModel = join(folder, 'slow.onnx');
    await writeColourClassifier(model);
    await writeColourClassifier(slowModel, { busyWork: 20 });
  });
  afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function open(
    options: Partial<SessionPoolOptions> = {},
    internals?: SessionPoolInternals,
  ): Promise<SessionPool> {
    const pool = await createSessionPool({ modelPath: model, workers: 1, maxQueue: 8, ...options }, internals);
    pools.push(pool);
    return pool;
  }

  /** A blue image of 16 x 16 pixels. */
  function blue(outputs: readonly string[] = ['logits']): RunRequest {
    const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, index) => (index % 3 === 2 ? 255 : 0));
    return { feeds: { image: { type: 'uint8', dims: [1, 16, 16, 3], data } }, outputs };
  }

  it('tells the inputs and outputs of the graph', async () => {
    const pool = await open();

    expect(pool.inputs).toEqual([{ name: 'image', type: 'uint8', dims: ['n', 'h', 'w', 3] }]);
    expect(pool.outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ['logits', ['n', 3]],
      ['features', ['n', 3]],
      ['feature_map', ['n', 3, 'fh', 'fw']],
    ]);
  });

  it('runs the graph and fetches only what was asked for', async () => {
    const pool = await open();

    const { outputs, queueMs, runMs } = await pool.run(blue());

    expect(Object.keys(outputs)).toEqual(['logits']);
    expect(outputs['logits']?.dims).toEqual([1, 3]);
    expect([...(outputs['logits']?.data ?? [])]).toEqual([0, 0, COLOUR_GAIN]);
    expect(queueMs).toBeGreaterThanOrEqual(0);
    expect(runMs).toBeGreaterThan(0);
  });

  it('moves the data instead of copying it, but leaves shared buffers alone', async () => {
    const pool = await open();
    const moved = blue();
    const shared = blue();
    const sharedData = Buffer.alloc(16 * 16 * 3);

    await pool.run(moved);
    await pool.run({ ...shared, feeds: { image: { type: 'uint8', dims: [1, 16, 16, 3], data: sharedData } } });

    expect(moved.feeds['image']?.data).toHaveLength(0);
    expect(sharedData).toHaveLength(16 * 16 * 3);
  });

  it('uses all workers and answers everyone', async () => {
    const pool = await open({ workers: 2, maxQueue: 50 });

    const results = await Promise.all(Array.from({ length: 40 }, () => pool.run(blue())));

    expect(results.every(({ outputs }) => outputs['logits']?.data[2] === COLOUR_GAIN)).toBe(true);
  });

  it('refuses what does not fit into the queue', async () => {
    const pool = await open({ modelPath: slowModel, maxQueue: 2 });

    const taken = [pool.run(blue()), pool.run(blue()), pool.run(blue())];
    await expect(pool.run(blue())).rejects.toThrow(QueueFullError);

    await expect(Promise.all(taken)).resolves.toHaveLength(3);
    await expect(pool.run(blue())).resolves.toBeDefined();
  });

  it('drops at once what nobody waits for any more, but not what has begun', async () => {
    const pool = await open({ modelPath: slowModel, maxQueue: 2 });
    const caller = new AbortController();
    const { signal } = caller;

    const running = pool.run({ ...blue(), signal });
    const waiting = pool.run({ ...blue(), signal });
    const other = pool.run(blue());
    caller.abort(new Error('the caller left'));
    await expect(waiting).rejects.toThrow('the caller left');
    const next = pool.run(blue()); // its place is free already

    await expect(pool.run(blue())).rejects.toThrow(QueueFullError);
    await expect(Promise.all([running, other, next])).resolves.toHaveLength(3);
    await expect(pool.run({ ...blue(), signal })).rejects.toThrow('the caller left');
  });

  it('rejects only the run that ONNX Runtime refuses', async () => {
    const pool = await open();
    const wrong = { ...blue(), feeds: { image: { type: 'uint8', dims: [1, 4], data: new Uint8Array(4) } } } as const;

    const [refused, unknownOutput, fine] = await Promise.allSettled([
      pool.run(wrong),
      pool.run(blue(['nothing'])),
      pool.run(blue()),
    ]);

    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(RunFailedError) });
    expect(unknownOutput).toMatchObject({ status: 'rejected', reason: expect.any(RunFailedError) });
    expect(fine.status).toBe('fulfilled');
  });

  it.each(['exit', 'throw'])('loses one run with a worker that dies by %s, replaces it, and goes on', async (death) => {
    const losses: Error[] = [];
    const pool = await open({ onWorkerLost: (error) => losses.push(error) }, DYING);
    await pool.run(blue());

    const [lost, ...waiting] = await Promise.allSettled([pool.run(blue([death])), pool.run(blue()), pool.run(blue())]);

    expect(lost).toMatchObject({ status: 'rejected', reason: expect.any(WorkerLostError) });
    expect(waiting.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(losses).toHaveLength(1);
    expect(pool.available).toBe(true);
  });

  it('gives up on workers that do not start any more, and says so', async () => {
    const losses: Error[] = [];
    const pool = await open({ onWorkerLost: (error) => losses.push(error) }, DYING);
    writeFileSync(`${model}.dead`, '');

    try {
      const [lost, waiting] = await Promise.allSettled([pool.run(blue(['exit'])), pool.run(blue())]);

      expect(lost).toMatchObject({ reason: expect.any(WorkerLostError) });
      expect(waiting).toMatchObject({ reason: expect.any(PoolUnavailableError) });
      await expect(pool.run(blue())).rejects.toThrow(/could not be started again/);
      expect(pool.available).toBe(false);
      expect(losses).toHaveLength(1 + 6);
    } finally {
      unlinkSync(`${model}.dead`);
    }
  });

  it('finishes what it has before it closes, and takes no more', async () => {
    const pool = await open({ modelPath: slowModel });
    const taken = [pool.run(blue()), pool.run(blue())];

    const closed = pool.close();
    await expect(pool.run(blue())).rejects.toThrow(PoolUnavailableError);

    await closed;
    await expect(Promise.all(taken)).resolves.toHaveLength(2);
  });

  it.each([
    ['missing', 'missing.onnx', undefined],
    ['empty', 'empty.onnx', ''],
    ['no ONNX', 'text.onnx', 'hello'],
  ])('refuses a model that is %s', async (_, name, content) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    expect(existsSync(path)).toBe(content !== undefined);

    await expect(createSessionPool({ modelPath: path, workers: 2, maxQueue: 1 })).rejects.toThrow(ModelLoadError);
  });
});

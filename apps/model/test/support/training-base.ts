// The base folder of a training job, as SageMaker prepares it, made of small pictures.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Rgb, twoColours } from './colour-image';
import { JobProcess } from './job-process';
import { writeCellsBackbone } from './write-cells-backbone';

/** Classes that can be told apart: one half of each picture has this colour. */
const CLASS_COLOURS: Readonly<Record<string, Rgb>> = { blue: [20, 30, 220], green: [30, 200, 40], red: [230, 20, 20] };

export class TrainingBase {
  private constructor(readonly path: string) {}

  /** With hyperparameters, a small backbone in its channel, and `counts` pictures for each class to train on. */
  static async create(
    counts: Readonly<Record<string, number>>,
    hyperparameters: Readonly<Record<string, unknown>> = {},
  ): Promise<TrainingBase> {
    const base = new TrainingBase(await mkdtemp(join(tmpdir(), 'training-')));
    await base.setHyperparameters(hyperparameters);
    await base.putPictures('train', counts);
    const description = { input: { size: 32, resize: 'stretch' }, output: 'cells' };
    await base.put('input/data/backbone/backbone.json', JSON.stringify(description));
    await base.putBackbone();
    return base;
  }

  at(path: string): string {
    return join(this.path, path);
  }

  async put(path: string, content: Uint8Array | string): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), content);
  }

  /** Beside the name of the model. */
  setHyperparameters(values: Readonly<Record<string, unknown>>): Promise<void> {
    return this.put('input/config/hyperparameters.json', JSON.stringify({ 'model-name': 'colours', ...values }));
  }

  putBackbone({ busyWork = 0 } = {}): Promise<void> {
    return writeCellsBackbone(this.at('input/data/backbone/backbone.onnx'), 'cells', busyWork);
  }

  /** The same picture for the same class and number. */
  async putPictures(channel: string, counts: Readonly<Record<string, number>>): Promise<void> {
    for (const [name, count] of Object.entries(counts)) {
      for (let number = 0; number < count; number += 1) {
        const other: Rgb = [(number * 37) % 256, (number * 91) % 256, (number * 53) % 256];
        const picture = await twoColours(CLASS_COLOURS[name] ?? [0, 0, 0], other, { width: 48, height: 40 });
        await this.put(`input/data/${channel}/${name}/${number}.png`, picture);
      }
    }
  }

  async remove(path = '.'): Promise<void> {
    await rm(this.at(path), { recursive: true, force: true });
  }

  read(path: string): Promise<string> {
    return readFile(this.at(path), 'utf8');
  }

  /** What is in a folder. */
  async names(path: string): Promise<string[]> {
    return (await readdir(this.at(path))).sort();
  }

  start(environment: Readonly<Record<string, string>> = {}): JobProcess {
    return new JobProcess('train', { SAGEMAKER_BASE_DIR: this.path, ...environment });
  }

  /** Runs the training job to its end. */
  train(environment?: Readonly<Record<string, string>>) {
    return this.start(environment).finished;
  }
}

// From a photo to the event that monitor is told of: the steps of was and of the model container themselves, without the HTTP between.
import { Decision } from '@app/contracts/classification';
import { ClassificationEvent } from '@app/contracts/monitoring';
import { normaliseImage } from '@app/imaging';
import { randomUUID } from 'node:crypto';
import { Classifier } from '../../../apps/model/src/inference/classifier';
import { loadModelPackage } from '../../../apps/model/src/model-package/load-model-package';
import { ModelPackage } from '../../../apps/model/src/model-package/model-package';
import { decide } from '../../../apps/was/src/classification/decide';
import { classificationEvent } from '../../../apps/was/src/monitoring/classification-event';
import { WatchedModel } from './drift-runs';

/** Photos in work at the same time for each worker: one is decoded while another one runs. */
const AT_ONCE = 2;

export class PhotoObserver {
  private readonly classifier: Classifier;

  private constructor(
    private readonly modelPackage: ModelPackage,
    private readonly workers: number,
  ) {
    this.classifier = new Classifier(modelPackage);
  }

  static async open(packageFolder: string, workers: number): Promise<PhotoObserver> {
    const options = { workers, maxQueue: AT_ONCE * workers };
    return new PhotoObserver(await loadModelPackage(packageFolder, options), workers);
  }

  /** The model, with the baseline of its package. */
  get watched(): WatchedModel {
    const { name, version, baseline } = this.modelPackage.manifest;
    return { model: { name, version }, baseline };
  }

  /** Side of the square that the model sees, in pixels. */
  get inputSize(): number {
    return this.modelPackage.manifest.input.size;
  }

  async close(): Promise<void> {
    await this.modelPackage.pool.close();
  }

  /** An event for each photo, in their order; `at` is 0. */
  async observe(photos: readonly (() => Promise<Buffer>)[]): Promise<ClassificationEvent[]> {
    const events: ClassificationEvent[] = [];
    let next = 0;
    const work = async () => {
      for (let at = next++; at < photos.length; at = next++) {
        const photo = await photos[at]?.();
        if (photo !== undefined) events[at] = await this.event(photo);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE * this.workers }, work));
    return events;
  }

  private async event(photo: Buffer): Promise<ClassificationEvent> {
    const { bytes, width, height, format } = await normaliseImage(photo, { modelSize: this.inputSize });
    const { answer } = await this.classifier.classify(bytes, { topK: 2, observe: true });
    const [best] = answer.predictions;
    const score = best?.score ?? 0;
    const model = { ...answer.model, variant: 'AllTraffic' };
    const decision: Decision = decide(score, answer.outOfSetScore, this.modelPackage.manifest.thresholds);
    const classification = {
      id: randomUUID(),
      model,
      decision,
      label: decision === 'unknown' ? null : (best?.label ?? null),
      score,
      predictions: answer.predictions,
      image: { width, height, format, bytes: photo.length, sha256: '' },
      timing: { decodeMs: 0, queueMs: 0, inferMs: 0, totalMs: 0 },
    };
    return classificationEvent(classification, { ...answer, model }, 0);
  }
}

import { Classification } from '@app/contracts/classification';
import { normaliseImage } from '@app/imaging';
import { CounterMetric, HistogramMetric, inSpan, STATION_SECONDS } from '@app/platform/telemetry';
import { Injectable } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import { FeedbackService } from '../feedback/feedback.service';
import { ModelDirectory } from '../model/model-directory';
import { ClassificationListener } from '../monitoring/classification-listener.port';
import { WasConfig } from '../was.config';
import { CallContext, Classifier, ClassifierOptions } from './classifier.port';
import { decide } from './decide';

/** As many as monitoring compares. */
const LEAST_PREDICTIONS = 2;

const classifications = new CounterMetric({
  name: 'classifier.classifications',
  unit: '{classification}',
  description: 'Answers by what they amount to.',
  attributes: ['decision', 'model.name', 'model.version'],
});

const normaliseDuration = new HistogramMetric(
  {
    name: 'classifier.normalise.duration',
    unit: 's',
    description: 'How long it took to check an image, to turn it upright, to clean and to shrink it.',
    attributes: [],
  },
  STATION_SECONDS,
);

/** Classifies one image: clean it, ask the model, decide what the answer amounts to. Nothing of the image is kept. */
@Injectable()
export class ClassificationService {
  constructor(
    private readonly classifier: Classifier,
    private readonly directory: ModelDirectory,
    private readonly feedback: FeedbackService,
    private readonly listener: ClassificationListener,
    private readonly config: WasConfig,
  ) {}

  /** @throws ProblemError for images that cannot be read and models that do not answer */
  async classify(upload: Buffer, options: ClassifierOptions, context: CallContext): Promise<Classification> {
    const startedAt = performance.now();
    const modelSize = await this.directory.inputSize(context);
    const normalisingSince = performance.now();
    const image = await inSpan('normalise image', { parent: context.trace }, () =>
      normaliseImage(upload, { modelSize }),
    );
    const cleanedAt = performance.now();
    normaliseDuration.record((cleanedAt - normalisingSince) / 1000, {});
    context.deadline.signal.throwIfAborted();

    const answer = await this.classifier.classify(image, this.observed(options), context);
    this.directory.noteVersion(answer.model, context);
    const [best] = answer.predictions;
    const score = best?.score ?? 0;
    const thresholds = answer.thresholds ?? { uncertain: this.config.uncertainBelow };
    const decision = decide(score, answer.outOfSetScore, thresholds);
    const id = randomUUID();
    const label = decision === 'unknown' ? null : (best?.label ?? null);
    const imageSha256 = createHash('sha256').update(upload).digest('hex');
    const feedback = this.feedback.offer({ id, model: answer.model, decision, label, imageSha256 });
    const classification: Classification = {
      id,
      model: answer.model,
      decision,
      label,
      score,
      predictions: answer.predictions.slice(0, options.topK),
      image: {
        width: image.width,
        height: image.height,
        format: image.format,
        bytes: upload.length,
        sha256: imageSha256,
      },
      ...(answer.heatmap === undefined ? {} : { heatmap: answer.heatmap }),
      timing: {
        decodeMs: cleanedAt - startedAt + (answer.timings?.decodeMs ?? 0),
        queueMs: answer.timings?.queueMs ?? 0,
        inferMs: answer.timings?.inferMs ?? 0,
        totalMs: performance.now() - startedAt,
      },
      ...(feedback === undefined ? {} : { feedback }),
    };
    const { name, version } = answer.model;
    classifications.add(1, { decision, 'model.name': name, 'model.version': version });
    this.listener.classified(classification, answer, context.trace);
    return classification;
  }

  private observed(options: ClassifierOptions): ClassifierOptions {
    if (!this.listener.observes) return options;
    return { ...options, topK: Math.max(options.topK, LEAST_PREDICTIONS), observe: true };
  }
}

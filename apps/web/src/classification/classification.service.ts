import { Language, MAX_BATCH_IMAGES, MAX_IMAGE_BYTES, MediaType, ProblemError, isProblem } from '@app/contracts';
import { BatchItemResponse, ClassificationResponse, ModelResponse } from '@app/contracts/classification';
import { Deadline, readBody, requestContextOf } from '@app/platform';
import { inSpan } from '@app/platform/telemetry';
import { Injectable } from '@nestjs/common';
import { Request } from 'express';
import { describeDeployedModel } from '../model/describe-deployed-model';
import { problemDocument } from '../problem-document';
import { receiveImages } from '../uploads/receive-images';
import { UploadMemory } from '../uploads/upload-memory';
import { WebConfig } from '../web.config';
import { localiseClassification } from './localise-classification';
import { Places } from './places';
import { ClassifyOptions, WasCallContext, WasClient } from './was-client.port';

export interface AnswerOptions extends ClassifyOptions {
  readonly language: Language;
}

/** The multipart fields that carry images. */
export const IMAGE_FIELD = 'image';
export const BATCH_FIELD = 'images';

/** Images of one batch that are with the business tier at the same time; the rest of the upload waits meanwhile. */
const BATCH_CONCURRENCY = 4;

/** What a form needs beside its image; a longer body cannot hold an image within the limit. */
const FORM_OVERHEAD_BYTES = 64_000;

const RAW_MEDIA_TYPES = /^(image\/[\w.+-]+|application\/(x-image|octet-stream))$/i;

/** What became of one photo of a form. */
export interface PhotoAnswer {
  /** As the form named it. */
  readonly filename?: string;
  readonly answer: ClassificationResponse | ProblemError;
}

interface ReceivedOne {
  readonly content: Buffer;
  readonly heatmap: boolean;
  readonly release: () => void;
}

/** Receives uploads and has them classified. An image is held in memory from its arrival to its answer, and nowhere else. */
@Injectable()
export class ClassificationService {
  constructor(
    private readonly was: WasClient,
    private readonly memory: UploadMemory,
    private readonly places: Places,
    private readonly config: WebConfig,
  ) {}

  /**
   * Classifies the one image of a form (field `image`) or of a raw body. A form may say `heatmap=true` itself.
   *
   * @throws ProblemError
   */
  async classifyUpload(request: Request, options: AnswerOptions): Promise<ClassificationResponse> {
    this.places.requireFree();
    const { trace } = requestContextOf(request);
    const receiving = inSpan('receive image', { parent: trace }, () => this.receiveOne(request));
    const { content, heatmap, release } = await receiving;
    try {
      return await this.classify(content, { ...options, heatmap: options.heatmap || heatmap }, request);
    } finally {
      release();
    }
  }

  /**
   * Classifies the images of a form (field `images`) while they arrive; tells each result as soon as it is there.
   *
   * @throws ProblemError when the request as a whole is refused; what is wrong with one image is its result
   */
  async classifyBatch(
    request: Request,
    options: AnswerOptions,
    tell: (result: BatchItemResponse) => void,
  ): Promise<void> {
    await this.answerEach(request, BATCH_FIELD, options, ({ index, filename, answer }) => {
      const result = isProblem(answer) ? { problem: problemDocument(answer, request) } : { classification: answer };
      tell({ index, ...(filename === undefined ? {} : { filename }), ...result });
    });
  }

  /**
   * Classifies the images of our page's form (field `image`), which may say `heatmap=true` before the first of them.
   * Gives their answers in the order of the form; at least one. A raw body is a form of one.
   *
   * @throws ProblemError when the request as a whole is refused
   */
  async classifyForm(request: Request, options: AnswerOptions): Promise<readonly PhotoAnswer[]> {
    if (!request.is(MediaType.multipart)) return [{ answer: await this.classifyUpload(request, options) }];
    this.places.requireFree();
    const answers: PhotoAnswer[] = [];
    await this.answerEach(request, IMAGE_FIELD, options, ({ index, ...answer }) => (answers[index] = answer));
    return answers;
  }

  /** Classifies an image that did not come with the request. Throws `ProblemError`. */
  async classifyImage(image: Buffer, options: AnswerOptions, request: Request): Promise<ClassificationResponse> {
    return await this.classify(image, options, request);
  }

  async describeModel(language: Language, request: Request): Promise<ModelResponse> {
    return describeDeployedModel(await this.was.model(this.callContext(request)), language);
  }

  private async receiveOne(request: Request): Promise<ReceivedOne> {
    const { uploadIdleMs: idleTimeoutMs } = this.config;
    const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
    if (RAW_MEDIA_TYPES.test(mediaType)) {
      const { reserve, release } = this.memory.lease();
      try {
        const content = await readBody(request, { limitBytes: MAX_IMAGE_BYTES, idleTimeoutMs, reserve });
        if (content.length === 0) throw new ProblemError('image-empty', {});
        return { content, heatmap: false, release };
      } catch (error) {
        release();
        throw error;
      }
    }
    if (!request.is(MediaType.multipart)) throw unsupportedMediaType(request, [MediaType.multipart, 'image/*']);
    if (Number(request.headers['content-length'] ?? 0) > MAX_IMAGE_BYTES + FORM_OVERHEAD_BYTES) {
      throw new ProblemError('image-too-large', { limitBytes: MAX_IMAGE_BYTES });
    }
    let received: Omit<ReceivedOne, 'heatmap'> | undefined;
    try {
      const fields = await receiveImages(request, {
        field: IMAGE_FIELD,
        maxImages: 1,
        idleTimeoutMs,
        memory: this.memory,
        take: ({ content, release }) => {
          if (isProblem(content)) throw content;
          if (content.length === 0) throw new ProblemError('image-empty', {});
          received = { content, release };
          return Promise.resolve();
        },
      });
      if (received === undefined) throw new ProblemError('image-missing', { field: IMAGE_FIELD });
      return { ...received, heatmap: fields.get('heatmap') === 'true' };
    } catch (error) {
      received?.release();
      throw error;
    }
  }

  private async classify(image: Buffer, options: AnswerOptions, request: Request): Promise<ClassificationResponse> {
    const classification = await this.places.take(() => this.was.classify(image, options, this.callContext(request)));
    return localiseClassification(classification, options.language);
  }

  /** Answers the images of a form while they arrive, some at a time. */
  private async answerEach(
    request: Request,
    field: string,
    options: AnswerOptions,
    tell: (answer: PhotoAnswer & { readonly index: number }) => void,
  ): Promise<void> {
    if (!request.is(MediaType.multipart)) throw unsupportedMediaType(request, [MediaType.multipart]);
    request.res?.setMaxListeners(request.res.getMaxListeners() + MAX_BATCH_IMAGES); // one deadline for each image
    const running = new Set<Promise<void>>();
    try {
      await receiveImages(request, {
        field,
        maxImages: MAX_BATCH_IMAGES,
        idleTimeoutMs: this.config.uploadIdleMs,
        memory: this.memory,
        take: async ({ index, filename, content, release, fields }) => {
          const wanted = { ...options, heatmap: options.heatmap || fields.get('heatmap') === 'true' };
          const work = this.answerTo(content, wanted, request)
            .then((answer) => tell({ index, ...(filename ? { filename } : {}), answer }))
            .finally(() => {
              release();
              running.delete(work);
            });
          running.add(work);
          if (running.size >= BATCH_CONCURRENCY) await Promise.race(running);
        },
      });
      await Promise.all(running);
    } finally {
      await Promise.allSettled(running);
    }
  }

  private async answerTo(
    content: Buffer | ProblemError,
    options: AnswerOptions,
    request: Request,
  ): Promise<ClassificationResponse | ProblemError> {
    try {
      if (isProblem(content)) throw content;
      if (content.length === 0) throw new ProblemError('image-empty', {});
      return await this.classify(content, options, request);
    } catch (error) {
      if (!isProblem(error)) throw error;
      return error;
    }
  }

  private callContext(request: Request): WasCallContext {
    const { requestId, trace } = requestContextOf(request);
    // Express always gives a request its response.
    const deadline = Deadline.ofRequest(this.config.deadlineMs, request.res as NonNullable<typeof request.res>);
    return { requestId, trace, deadline };
  }
}

function unsupportedMediaType(request: Request, supported: readonly string[]): ProblemError {
  return new ProblemError('unsupported-media-type', { received: request.headers['content-type'], supported });
}

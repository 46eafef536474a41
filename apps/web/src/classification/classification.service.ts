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
    if (!request.is(MediaType.multipart)) throw unsupportedMediaType(request, [MediaType.multipart]);
    request.res?.setMaxListeners(request.res.getMaxListeners() + MAX_BATCH_IMAGES); // one deadline for each image
    const running = new Set<Promise<void>>();
    try {
      await receiveImages(request, {
        field: BATCH_FIELD,
        maxImages: MAX_BATCH_IMAGES,
        idleTimeoutMs: this.config.uploadIdleMs,
        memory: this.memory,
        take: async ({ index, filename, content, release }) => {
          const work = this.resultOf(content, options, request)
            .then((result) => tell({ index, ...(filename ? { filename } : {}), ...result }))
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

  private async resultOf(
    content: Buffer | ProblemError,
    options: AnswerOptions,
    request: Request,
  ): Promise<Pick<BatchItemResponse, 'classification' | 'problem'>> {
    try {
      if (isProblem(content)) throw content;
      if (content.length === 0) throw new ProblemError('image-empty', {});
      return { classification: await this.classify(content, options, request) };
    } catch (error) {
      if (!isProblem(error)) throw error;
      return { problem: problemDocument(error, request) };
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

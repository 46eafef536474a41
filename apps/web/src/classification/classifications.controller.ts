import { Header, isProblem, MAX_BATCH_IMAGES, MAX_IMAGE_BYTES, MediaType, ProblemError } from '@app/contracts';
import {
  BatchItemResponse,
  BatchResponse,
  ClassificationResponse,
  ClassifyRequest,
} from '@app/contracts/classification';
import { formatServerTiming, requestContextOf } from '@app/platform';
import { Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOperation,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Problems } from '../api-docs/problems.decorator';
import { languageOf, nameLanguage } from '../language';
import { problemDocument } from '../problem-document';
import { AnswerOptions, BATCH_FIELD, ClassificationService, IMAGE_FIELD } from './classification.service';

const BINARY = { type: 'string', contentMediaType: 'application/octet-stream' };

const ANSWER_HEADERS = {
  'Server-Timing': {
    description: 'Where the time went: decode, queue, infer, hops (between the tiers) and total, in milliseconds.',
    schema: { type: 'string' as const },
  },
  'X-Request-Id': { description: 'Id of the request, in the logs of all tiers.', schema: { type: 'string' as const } },
};

@ApiTags('classifications')
@Controller('api/v1/classifications')
export class ClassificationsController {
  constructor(private readonly service: ClassificationService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'classify',
    summary: 'Classify an image',
    description: `Send one image, at most ${MAX_IMAGE_BYTES / 1e6} MB, as the multipart field \`image\` or as the body itself. What it is is read from its bytes: JPEG, PNG or WebP. Nothing of it is kept.`,
    requestBody: {
      required: true,
      content: {
        [MediaType.multipart]: {
          schema: { type: 'object', required: [IMAGE_FIELD], properties: { [IMAGE_FIELD]: BINARY } },
        },
        'image/*': { schema: BINARY },
      },
    },
  })
  @ApiResponse({
    status: 200,
    description: 'What is on the image.',
    type: ClassificationResponse,
    headers: ANSWER_HEADERS,
  })
  @Problems(
    'malformed-request',
    'invalid-parameter',
    'image-missing',
    'image-empty',
    'too-many-images',
    'not-acceptable',
    'upload-stalled',
    'image-too-large',
    'unsupported-image-format',
    'unsupported-media-type',
    'image-undecodable',
    'image-too-many-pixels',
    'bad-model-answer',
    'overloaded',
    'service-unavailable',
    'model-unavailable',
    'model-missing',
    'deadline-exceeded',
  )
  async classify(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Query() query: ClassifyRequest,
  ): Promise<ClassificationResponse> {
    negotiate(request, [MediaType.json]);
    const classification = await this.service.classifyUpload(request, answerOptions(request, query));
    nameLanguage(response, languageOf(request));
    response.setHeader(Header.serverTiming, serverTiming(classification, request));
    response.setHeader('cache-control', 'no-store');
    return classification;
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'classifyBatch',
    summary: `Classify up to ${MAX_BATCH_IMAGES} images`,
    description:
      'Send the images as multipart fields `images`. Each gets its own result: a classification or a problem. With `Accept: application/x-ndjson` results are streamed, one JSON object a line, as they finish; otherwise they come together, in the order of the request.',
  })
  @ApiConsumes(MediaType.multipart)
  @ApiBody({
    required: true,
    schema: {
      type: 'object',
      required: [BATCH_FIELD],
      properties: { [BATCH_FIELD]: { type: 'array', minItems: 1, maxItems: MAX_BATCH_IMAGES, items: BINARY } },
    },
  })
  @ApiExtraModels(BatchResponse, BatchItemResponse)
  @ApiResponse({
    status: 200,
    description: 'A result for each image.',
    content: {
      [MediaType.json]: { schema: { $ref: getSchemaPath(BatchResponse) } },
      [MediaType.ndjson]: { schema: { $ref: getSchemaPath(BatchItemResponse) } },
    },
  })
  @Problems(
    'malformed-request',
    'invalid-parameter',
    'image-missing',
    'too-many-images',
    'not-acceptable',
    'upload-stalled',
    'unsupported-media-type',
    'overloaded',
  )
  async classifyBatch(
    @Req() request: Request,
    @Res() response: Response,
    @Query() query: ClassifyRequest,
  ): Promise<void> {
    const mediaType = negotiate(request, [MediaType.json, MediaType.ndjson]);
    const options = answerOptions(request, query);
    nameLanguage(response, options.language);
    response.setHeader('cache-control', 'no-store');
    if (mediaType === MediaType.ndjson) await this.streamBatch(request, response, options);
    else await this.answerBatch(request, response, options);
  }

  private async answerBatch(request: Request, response: Response, options: AnswerOptions): Promise<void> {
    const results: BatchItemResponse[] = [];
    await this.service.classifyBatch(request, options, (result) => results.push(result));
    results.sort((a, b) => a.index - b.index);
    response.json({ results } satisfies BatchResponse);
  }

  /** Once the first result is out the status is 200; what goes wrong with the request later becomes its last line. */
  private async streamBatch(request: Request, response: Response, options: AnswerOptions): Promise<void> {
    let told = 0;
    const tell = (result: BatchItemResponse) => {
      if (told++ === 0) response.type(MediaType.ndjson);
      response.write(`${JSON.stringify(result)}\n`);
    };
    try {
      await this.service.classifyBatch(request, options, tell);
    } catch (error) {
      if (told === 0 || !isProblem(error)) throw error;
      tell({ index: told, problem: problemDocument(error, request) });
    }
    response.end();
  }
}

function answerOptions(request: Request, { top_k: topK, heatmap }: ClassifyRequest): AnswerOptions {
  return { topK, heatmap, language: languageOf(request) };
}

/** The media type that the client likes best among those that there are. */
function negotiate(request: Request, available: readonly string[]): string {
  const accepted = request.accepts([...available]);
  if (typeof accepted !== 'string') throw new ProblemError('not-acceptable', { available });
  return accepted;
}

/** `hops` is what none of the stations accounts for: the ways between the tiers. */
function serverTiming({ timing }: ClassificationResponse, request: Request): string {
  const { decodeMs, queueMs, inferMs } = timing;
  const total = performance.now() - requestContextOf(request).arrivedAt;
  const hops = Math.max(0, total - decodeMs - queueMs - inferMs);
  return formatServerTiming({ decode: decodeMs, queue: queueMs, infer: inferMs, hops, total });
}

import { Header, MAX_IMAGE_BYTES, MediaType, ProblemError } from '@app/contracts';
import { FeedbackRequest, FeedbackResponse } from '@app/contracts/classification';
import { headerOf } from '@app/platform';
import { Controller, Delete, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Problems } from '../api-docs/problems.decorator';
import { FeedbackService } from './feedback.service';
import { PHOTO_FIELD } from './receive-feedback';

const STATEMENT = { $ref: getSchemaPath(FeedbackRequest) };
const PHOTO = { type: 'string', contentMediaType: 'application/octet-stream' };
const ID = {
  name: 'id',
  description: '`id` of the classification.',
  schema: { type: 'string', format: 'uuid' },
} as const;

@ApiTags('feedback')
@Controller('api/v1/classifications/:id/feedback')
export class FeedbackController {
  constructor(private readonly service: FeedbackService) {}

  @Post()
  @HttpCode(201)
  @ApiExtraModels(FeedbackRequest)
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'giveFeedback',
    summary: 'Say whether an answer was right',
    description: `Possible once for each answer, until \`feedback.expires\` of the answer. With \`consent\`, a form may send the photo again as \`${PHOTO_FIELD}\` (at most ${MAX_IMAGE_BYTES / 1e6} MB, the very file that was classified): it is kept without metadata, at most 1,600 pixels on its longer side, until the feedback is deleted. The feedback is stored when the reply comes.`,
    requestBody: {
      required: true,
      content: {
        [MediaType.json]: { schema: STATEMENT },
        [MediaType.multipart]: {
          schema: { allOf: [STATEMENT, { type: 'object', properties: { [PHOTO_FIELD]: PHOTO } }] },
        },
      },
    },
  })
  @ApiResponse({ status: 201, description: 'The feedback is stored.', type: FeedbackResponse })
  @Problems(
    'malformed-request',
    'invalid-parameter',
    'image-empty',
    'too-many-images',
    'feedback-token-invalid',
    'feedback-off',
    'not-acceptable',
    'upload-stalled',
    'feedback-exists',
    'feedback-expired',
    'image-too-large',
    'unsupported-image-format',
    'unsupported-media-type',
    'image-undecodable',
    'image-too-many-pixels',
    'feedback-photo-differs',
    'overloaded',
    'service-unavailable',
    'feedback-unavailable',
    'deadline-exceeded',
  )
  async give(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('id') id: string,
  ): Promise<FeedbackResponse> {
    if (!request.accepts(MediaType.json)) throw new ProblemError('not-acceptable', { available: [MediaType.json] });
    response.setHeader('cache-control', 'no-store');
    return await this.service.give(id, request);
  }

  @Delete()
  @HttpCode(204)
  @ApiParam(ID)
  @ApiHeader({
    name: 'X-Feedback-Token',
    description: '`feedback.token` of the answer; for this it does not expire.',
    required: true,
    schema: { type: 'string' },
  })
  @ApiOperation({
    operationId: 'deleteFeedback',
    summary: 'Take feedback back',
    description: 'Deletes the feedback to an answer, and its photo unless other feedback needs the same photo.',
  })
  @ApiResponse({ status: 204, description: 'It is deleted.' })
  @Problems(
    'feedback-token-invalid',
    'feedback-off',
    'feedback-not-found',
    'service-unavailable',
    'feedback-unavailable',
    'deadline-exceeded',
  )
  async withdraw(@Req() request: Request, @Param('id') id: string): Promise<void> {
    await this.service.withdraw(id, headerOf(request, Header.feedbackToken) ?? '', request);
  }
}

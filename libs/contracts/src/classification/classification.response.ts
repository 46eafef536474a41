import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IMAGE_FORMATS, type ImageFormat } from '../media-types';
import { type Decision, DECISIONS } from './classification';
import { FeedbackOffer } from './feedback.response';

// The public answer. Descriptions here are the documentation: they become the OpenAPI document.

export class ModelReference {
  @ApiProperty({ description: 'Name of the model.', example: 'everyday-objects' })
  readonly name!: string;

  @ApiProperty({ description: 'Version of the model.', example: '1.0.0' })
  readonly version!: string;

  @ApiProperty({ description: 'Production variant of the endpoint that answered.', example: 'AllTraffic' })
  readonly variant!: string;
}

export class PredictionResponse {
  @ApiProperty({ description: 'Stable id of the label, for programs.', example: 'n01443537' })
  readonly label!: string;

  @ApiProperty({ description: 'Name of the label in the language of the answer.', example: 'goldfish' })
  readonly name!: string;

  @ApiPropertyOptional({ description: 'What the label means, in the language of the answer.' })
  readonly description?: string;

  @ApiProperty({ description: 'Calibrated probability.', minimum: 0, maximum: 1, example: 0.87 })
  readonly score!: number;
}

export class ImageResponse {
  @ApiProperty({ description: 'Width of the upright image in pixels.', type: 'integer', example: 4032 })
  readonly width!: number;

  @ApiProperty({ description: 'Height of the upright image in pixels.', type: 'integer', example: 3024 })
  readonly height!: number;

  @ApiProperty({ description: 'Format, read from the bytes.', enum: IMAGE_FORMATS, example: 'jpeg' })
  readonly format!: ImageFormat;

  @ApiProperty({ description: 'Size of the image as it was sent, in bytes.', type: 'integer', example: 3145728 })
  readonly bytes!: number;

  @ApiProperty({ description: 'SHA-256 of the image as it was sent, hexadecimal.', pattern: '^[0-9a-f]{64}$' })
  readonly sha256!: string;
}

export class RegionResponse {
  @ApiProperty({ description: 'Left edge, as a fraction of the width.', minimum: 0, maximum: 1 })
  readonly x!: number;

  @ApiProperty({ description: 'Top edge, as a fraction of the height.', minimum: 0, maximum: 1 })
  readonly y!: number;

  @ApiProperty({ description: 'Width, as a fraction of the width.', minimum: 0, maximum: 1 })
  readonly width!: number;

  @ApiProperty({ description: 'Height, as a fraction of the height.', minimum: 0, maximum: 1 })
  readonly height!: number;
}

export class HeatmapResponse {
  @ApiProperty({ description: 'The label that the map speaks for.', example: 'n01443537' })
  readonly label!: string;

  @ApiProperty({ description: 'Cells across.', type: 'integer', example: 4 })
  readonly width!: number;

  @ApiProperty({ description: 'Cells down.', type: 'integer', example: 4 })
  readonly height!: number;

  @ApiProperty({
    description: 'How much each cell spoke for the label, 0 to 1, row by row from the top left.',
    type: [Number],
    example: [0, 0.2, 0.7, 1],
  })
  readonly values!: readonly number[];

  @ApiProperty({ description: 'The part of the upright image that the model saw.' })
  readonly region!: RegionResponse;
}

export class TimingResponse {
  @ApiProperty({ description: 'Reading, checking and shrinking the image, in milliseconds.', example: 2.1 })
  readonly decodeMs!: number;

  @ApiProperty({ description: 'Waiting for a free place, in milliseconds.', example: 0.2 })
  readonly queueMs!: number;

  @ApiProperty({ description: 'The network alone, in milliseconds.', example: 3.9 })
  readonly inferMs!: number;

  @ApiProperty({ description: 'From the whole image being there to the answer, in milliseconds.', example: 8.4 })
  readonly totalMs!: number;
}

export class ClassificationResponse {
  @ApiProperty({ description: 'Id of this classification.', format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ description: 'The model that answered.' })
  readonly model!: ModelReference;

  @ApiProperty({
    description:
      '`label`: the best label can be relied on. `uncertain`: it may well be another. `unknown`: the image is unlike everything the model knows.',
    enum: DECISIONS,
    example: 'label',
  })
  readonly decision!: Decision;

  @ApiProperty({
    description: 'Best label; null when the decision is `unknown`.',
    type: String,
    nullable: true,
    example: 'n01443537',
  })
  readonly label!: string | null;

  @ApiProperty({ description: 'Calibrated probability of the best label.', minimum: 0, maximum: 1, example: 0.87 })
  readonly score!: number;

  @ApiProperty({ description: 'The best labels, best first.', type: [PredictionResponse] })
  readonly predictions!: readonly PredictionResponse[];

  @ApiProperty({ description: 'The image that was classified.' })
  readonly image!: ImageResponse;

  @ApiPropertyOptional({ description: 'Where the model looked; only when asked for and when the model can tell.' })
  readonly heatmap?: HeatmapResponse;

  @ApiProperty({ description: 'Where the time went.' })
  readonly timing!: TimingResponse;

  @ApiPropertyOptional({ description: 'How to tell whether the answer was right; absent where no feedback is taken.' })
  readonly feedback?: FeedbackOffer;
}

/** RFC 9457; `ProblemError.toDocument` writes it. */
export class ProblemResponse {
  @ApiProperty({ description: 'Address of a page about this kind of problem.', format: 'uri-reference' })
  readonly type!: string;

  @ApiProperty({ description: 'The kind of problem in a few words.' })
  readonly title!: string;

  @ApiProperty({ description: 'HTTP status.', type: 'integer', minimum: 400, maximum: 599 })
  readonly status!: number;

  @ApiProperty({ description: 'What happened and what to do about it.' })
  readonly detail!: string;

  @ApiProperty({ description: 'Stable code, for programs.' })
  readonly code!: string;

  @ApiPropertyOptional({ description: 'Id of the request; support finds it in the logs.' })
  readonly requestId?: string;
}

/** One image of a batch: its classification or its problem, never both. */
@ApiExtraModels(ClassificationResponse, ProblemResponse)
export class BatchItemResponse {
  @ApiProperty({ description: 'Position of the image in the request, from 0.', type: 'integer', minimum: 0 })
  readonly index!: number;

  @ApiPropertyOptional({ description: 'File name that was sent with the image.' })
  readonly filename?: string;

  @ApiPropertyOptional({ description: 'The answer.' })
  readonly classification?: ClassificationResponse;

  @ApiPropertyOptional({ description: 'Why there is no answer.' })
  readonly problem?: ProblemResponse;
}

export class BatchResponse {
  @ApiProperty({ description: 'One result for each image, in the order of the request.', type: [BatchItemResponse] })
  readonly results!: readonly BatchItemResponse[];
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ModelDescription } from '../sagemaker';
import { ClassifyingModel } from './classification';

/** What was answers to web about the deployed model. `description` is absent when the container cannot describe itself. */
export interface DeployedModel {
  readonly model: ClassifyingModel;
  readonly description?: ModelDescription;
}

export class LabelResponse {
  @ApiProperty({ description: 'Stable id, for programs.', example: 'n01443537' })
  readonly id!: string;

  @ApiProperty({ description: 'Name in the language of the answer.', example: 'goldfish' })
  readonly name!: string;

  @ApiPropertyOptional({ description: 'What it means, in the language of the answer.' })
  readonly description?: string;
}

export class ThresholdsResponse {
  @ApiProperty({ description: 'A top score below it makes the decision `uncertain`.', minimum: 0, maximum: 1 })
  readonly uncertain!: number;

  @ApiPropertyOptional({ description: 'An out-of-set score above it makes the decision `unknown`.' })
  readonly unknown?: number;
}

export class ModelInputResponse {
  @ApiProperty({ description: 'Side of the square that the model sees, in pixels.', type: 'integer', example: 64 })
  readonly size!: number;

  @ApiProperty({ description: 'How an image is made that square.', enum: ['shorter-side-crop', 'stretch'] })
  readonly resize!: 'shorter-side-crop' | 'stretch';
}

export class ConfusedPairResponse {
  @ApiProperty({ description: 'Id of the label that the images show.', example: 'n02085620' })
  readonly actual!: string;

  @ApiProperty({ description: 'Id of the label that the model gave them.', example: 'n02094433' })
  readonly predicted!: string;

  @ApiProperty({ description: 'How many images.', type: 'integer', example: 7 })
  readonly images!: number;

  @ApiProperty({ description: 'Their share of the images of the actual label.', minimum: 0, maximum: 1 })
  readonly share!: number;
}

export class ReliabilityBinResponse {
  @ApiProperty({ description: 'How many images.', type: 'integer', example: 667 })
  readonly images!: number;

  @ApiProperty({ description: 'Mean of their top scores.', minimum: 0, maximum: 1 })
  readonly confidence!: number;

  @ApiProperty({ description: 'Share of them that was named rightly.', minimum: 0, maximum: 1 })
  readonly accuracy!: number;
}

export class ModelEvaluationResponse {
  @ApiProperty({
    description: '`validation`: images that chose temperature and thresholds; `test`: images that chose nothing.',
    enum: ['validation', 'test'],
  })
  readonly measuredOn!: 'validation' | 'test';

  @ApiProperty({ description: 'How many images were measured.', type: 'integer', example: 1821 })
  readonly images!: number;

  @ApiProperty({ description: 'Labels that are confused, the most frequent first.', type: [ConfusedPairResponse] })
  readonly confusedPairs!: readonly ConfusedPairResponse[];

  @ApiPropertyOptional({
    description:
      'Numbers of images, a row for each label as it is and a column as it was called; with few labels only.',
    type: 'array',
    items: { type: 'array', items: { type: 'integer' } },
  })
  readonly confusion?: readonly (readonly number[])[];

  @ApiProperty({ description: 'Images by certainty, the least sure first.', type: [ReliabilityBinResponse] })
  readonly reliability!: readonly ReliabilityBinResponse[];
}

/** What a package says of its data and of how it was made, as far as the public may know it: its own words, in English. */
export class ModelOriginResponse {
  @ApiPropertyOptional({ description: 'Name of the training data.', example: 'Tiny ImageNet' })
  readonly data?: string;

  @ApiPropertyOptional({ description: 'Where the training data are from.' })
  readonly source?: string;

  @ApiPropertyOptional({ description: 'Terms of the training data.' })
  readonly terms?: string;

  @ApiPropertyOptional({ description: 'Images it learnt from.', type: 'integer' })
  readonly trainingImages?: number;

  @ApiPropertyOptional({ description: 'Images that chose temperature and thresholds.', type: 'integer' })
  readonly validationImages?: number;

  @ApiPropertyOptional({ description: 'Who or what made the model.' })
  readonly madeBy?: string;

  @ApiPropertyOptional({ description: 'What kind of network it is.' })
  readonly network?: string;

  @ApiPropertyOptional({ description: 'How it was trained.' })
  readonly recipe?: string;

  @ApiPropertyOptional({ description: 'Licence of the model.' })
  readonly license?: string;
}

export class ModelResponse {
  @ApiProperty({ description: 'Name of the model.', example: 'everyday-objects' })
  readonly name!: string;

  @ApiProperty({ description: 'Version of the model.', example: '1.0.0' })
  readonly version!: string;

  @ApiProperty({ description: 'Production variant of the endpoint that serves it.', example: 'AllTraffic' })
  readonly variant!: string;

  @ApiPropertyOptional({ description: 'What the model is for, in the language of the answer.' })
  readonly description?: string;

  @ApiPropertyOptional({ description: 'When the model package was made.', format: 'date-time' })
  readonly created?: string;

  @ApiProperty({ description: 'Whether the model can tell where it looked.' })
  readonly explains!: boolean;

  @ApiPropertyOptional({ description: 'What the model sees of an image.' })
  readonly input?: ModelInputResponse;

  @ApiPropertyOptional({ description: 'Where `uncertain` and `unknown` begin.' })
  readonly thresholds?: ThresholdsResponse;

  @ApiPropertyOptional({
    description: 'Measured figures by name; shares are between 0 and 1.',
    type: 'object',
    additionalProperties: { type: ['number', 'string', 'null'] } as never,
  })
  readonly metrics?: Readonly<Record<string, number | string | null>>;

  @ApiPropertyOptional({ description: 'What it confuses, and whether its certainty can be believed.' })
  readonly evaluation?: ModelEvaluationResponse;

  @ApiPropertyOptional({ description: 'Data and making, as far as the package tells.' })
  readonly origin?: ModelOriginResponse;

  @ApiProperty({ description: 'All labels that the model knows; empty when it does not tell.', type: [LabelResponse] })
  readonly labels!: readonly LabelResponse[];
}

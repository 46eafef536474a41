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

  @ApiProperty({ description: 'All labels that the model knows; empty when it does not tell.', type: [LabelResponse] })
  readonly labels!: readonly LabelResponse[];
}

// What was tells monitor of a classification. Numbers about an image, never the image, and nothing by which its sender could be known.
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { type Decision, DECISIONS, knownDecision } from '../classification/classification';
import { SKETCH_DIMENSIONS } from '../sagemaker';

export { SKETCH_DIMENSIONS };
/** Events in one batch. */
export const MAX_BATCH_EVENTS = 500;
/** Of a model or a label, in characters. */
export const MAX_EVENT_NAME_CHARACTERS = 128;

export class ObservedModel {
  @IsString()
  @MaxLength(MAX_EVENT_NAME_CHARACTERS)
  readonly name!: string;

  @IsString()
  @MaxLength(MAX_EVENT_NAME_CHARACTERS)
  readonly version!: string;
}

export class ClassificationEvent {
  /** Of the classification. */
  @IsUUID()
  readonly id!: string;

  /** When it was answered, in milliseconds since 1970. */
  @IsInt()
  @Min(0)
  readonly at!: number;

  @ValidateNested()
  @Type(() => ObservedModel)
  readonly model!: ObservedModel;

  /** One that this version does not know, from a was of another, must not cost the batch that it is in. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? knownDecision(value) : value))
  @IsIn(DECISIONS)
  readonly decision!: Decision;

  /** The best label, also when the decision is `unknown`; absent when the model gave none. */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_EVENT_NAME_CHARACTERS)
  readonly label?: string;

  /** Calibrated probability of the best label. */
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly score!: number;

  /** How much it is above the second best. */
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly margin!: number;

  @IsOptional()
  @IsNumber()
  readonly outOfSetScore?: number;

  /** Of the image as it was sent, in pixels. */
  @IsInt()
  @Min(1)
  readonly width!: number;

  @IsInt()
  @Min(1)
  readonly height!: number;

  /** The next four as in `ImageObservation`; absent when the container does not observe. */
  @IsOptional()
  @IsNumber()
  readonly brightness?: number;

  @IsOptional()
  @IsNumber()
  readonly contrast?: number;

  @IsOptional()
  @IsNumber()
  readonly sharpness?: number;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SKETCH_DIMENSIONS)
  @IsNumber({}, { each: true })
  readonly sketch?: readonly number[];

  /** From the whole image being there to the answer, in milliseconds. */
  @IsNumber()
  @Min(0)
  readonly latencyMs!: number;
}

export class EventBatch {
  /** The sender, one for each life of a process. */
  @Matches(/^[a-zA-Z0-9-]{1,64}$/)
  readonly source!: string;

  /** Counts the batches of a source from 1, so that one that is sent again is not counted twice. */
  @IsInt()
  @Min(1)
  readonly sequence!: number;

  /** Events that the source has thrown away since it began, because nobody took them. */
  @IsInt()
  @Min(0)
  readonly dropped!: number;

  @IsArray()
  @ArrayMaxSize(MAX_BATCH_EVENTS)
  @ValidateNested({ each: true })
  @Type(() => ClassificationEvent)
  readonly events!: readonly ClassificationEvent[];

  /** The traces that the events belong to, by position, as W3C Trace Context writes them. For logs and traces; not kept. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_BATCH_EVENTS)
  @Matches(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, { each: true })
  readonly traceparents?: readonly string[];
}

export interface BatchReceipt {
  /** False for a batch that had come before. */
  readonly accepted: boolean;
  /** Models whose baseline monitor does not know yet. */
  readonly missingBaselines: readonly ObservedModel[];
}

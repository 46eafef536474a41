import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min, ValidateNested } from 'class-validator';
import { ObservedModel } from './classification-event';

/** What a person said of an answer. */
export class FeedbackEvent {
  /** Of the classification; the second feedback to one is not counted. */
  @IsUUID()
  readonly id!: string;

  @IsInt()
  @Min(0)
  readonly at!: number;

  @ValidateNested()
  @Type(() => ObservedModel)
  readonly model!: ObservedModel;

  /** Whether the answer was right. */
  @IsBoolean()
  readonly right!: boolean;

  /** What the model had said. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  readonly predicted?: string;

  /** What it is, where the person knows a label for it. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  readonly label?: string;
}

export interface FeedbackReceipt {
  readonly accepted: boolean;
}

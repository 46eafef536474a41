import { Type } from 'class-transformer';
import { IsObject, IsOptional, ValidateNested } from 'class-validator';
import { type DriftBaseline } from '../sagemaker';
import { ObservedModel } from './classification-event';

/** What the images of a model looked like when it was made. */
export class ModelBaseline {
  @ValidateNested()
  @Type(() => ObservedModel)
  readonly model!: ObservedModel;

  /** As it is in the model package; absent when the package has none: monitor then compares with the first images that it sees. */
  @IsOptional()
  @IsObject()
  readonly baseline?: DriftBaseline;
}

export interface BaselineReceipt {
  readonly accepted: boolean;
}

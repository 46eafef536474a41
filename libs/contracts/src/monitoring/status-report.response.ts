import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Decision } from '../classification/classification';
import { StatusResponse } from '../classification/service-status';
import {
  DRIFT_CHECKS,
  DRIFT_STATES,
  type DriftCheck,
  type DriftReport,
  type DriftState,
  type MonitorWindow,
  WINDOW_NAMES,
} from './monitor-answers';

// The public form of what monitor answers: times as text, and nothing that names a source, a variant or an event.

export const MONITORING_STATES = ['on', 'off', 'unavailable'] as const;
export type MonitoringState = (typeof MONITORING_STATES)[number];

export class MonitoredModelResponse {
  @ApiProperty({ description: 'Name of the model.', example: 'everyday-objects' })
  readonly name!: string;

  @ApiProperty({ description: 'Version of the model.', example: '1.0.0' })
  readonly version!: string;
}

export class LatencyResponse {
  @ApiProperty({ description: 'Half of the answers took at most this long, in milliseconds.' })
  readonly p50!: number;

  @ApiProperty({ description: '95 of 100 answers took at most this long, in milliseconds.' })
  readonly p95!: number;

  @ApiProperty({ description: '99 of 100 answers took at most this long, in milliseconds.' })
  readonly p99!: number;
}

export class DecisionCountsResponse implements Record<Decision, number> {
  @ApiProperty({ description: 'Images that were named.', type: 'integer' })
  readonly label!: number;

  @ApiProperty({ description: 'Images whose name is not sure.', type: 'integer' })
  readonly uncertain!: number;

  @ApiProperty({ description: 'Images unlike everything that the model knows.', type: 'integer' })
  readonly unknown!: number;
}

export class LabelShareResponse {
  @ApiProperty({ description: 'Id of the label.', example: 'n01443537' })
  readonly label!: string;

  @ApiProperty({ description: 'Share of the images whose best label it is.', minimum: 0, maximum: 1 })
  readonly share!: number;
}

export class FeedbackCountsResponse {
  @ApiProperty({ description: 'Answers that people gave feedback to.', type: 'integer' })
  readonly count!: number;

  @ApiProperty({ description: 'Those of them that were right.', type: 'integer' })
  readonly right!: number;
}

export class SeriesPointResponse {
  @ApiProperty({ description: 'Begin of the stretch of time.', format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ description: 'Images classified.', type: 'integer' })
  readonly images!: number;

  @ApiProperty({ description: 'Those of them called `unknown`.', type: 'integer' })
  readonly unknown!: number;

  @ApiProperty({ description: 'Those of them called `uncertain`.', type: 'integer' })
  readonly uncertain!: number;

  @ApiPropertyOptional({ description: 'Median time of an answer, in milliseconds; absent without images.' })
  readonly latencyMs?: number;
}

export class DriftCheckResponse implements DriftCheck {
  @ApiProperty({ description: 'What is compared.', enum: DRIFT_CHECKS })
  readonly name!: DriftCheck['name'];

  @ApiProperty({
    description: '`watch`: beyond chance, but small. `drift`: beyond chance and large. `waiting`: too few images.',
    enum: DRIFT_STATES,
  })
  readonly state!: DriftState;

  @ApiProperty({ description: 'How large the change is, on the scale of this check.' })
  readonly score!: number;

  @ApiProperty({ description: 'A score from which on a change counts as large.' })
  readonly limit!: number;

  @ApiProperty({ description: 'How likely so large a change is when nothing changed.', minimum: 0, maximum: 1 })
  readonly pValue!: number;

  @ApiProperty({ description: 'A `pValue` below it rules chance out.', minimum: 0, maximum: 1 })
  readonly falseAlarmRate!: number;

  @ApiPropertyOptional({ description: 'Whether the images have more or less of it.', enum: ['more', 'less'] })
  readonly direction?: 'more' | 'less';
}

export class DriftResponse {
  @ApiProperty({ description: 'The gravest state of all checks.', enum: DRIFT_STATES })
  readonly state!: DriftState;

  @ApiProperty({
    description:
      'What images are compared with: what the model `package` says, or the `first-images` of this model; `none` while those are collected.',
    enum: ['package', 'first-images', 'none'],
  })
  readonly baseline!: DriftReport['baseline'];

  @ApiProperty({ description: 'Images that were compared.', type: 'integer' })
  readonly images!: number;

  @ApiPropertyOptional({ description: 'When the present state began.', format: 'date-time' })
  readonly since?: string;

  @ApiProperty({ description: 'What is compared, one by one.', type: [DriftCheckResponse] })
  readonly checks!: readonly DriftCheckResponse[];
}

export class MonitoringFiguresResponse {
  @ApiPropertyOptional({ description: 'The model that answered last; absent when nothing was ever seen.' })
  readonly model?: MonitoredModelResponse;

  @ApiProperty({ description: 'Begin of what is covered: the window, or less of it.', format: 'date-time' })
  readonly from!: string;

  @ApiProperty({ description: 'End of what is covered.', format: 'date-time' })
  readonly until!: string;

  @ApiProperty({ description: 'Images classified by this model.', type: 'integer' })
  readonly images!: number;

  @ApiProperty({ description: 'Images a second, on average.' })
  readonly perSecond!: number;

  @ApiPropertyOptional({ description: 'How long answers took; absent without images.' })
  readonly latencyMs?: LatencyResponse;

  @ApiProperty({ description: 'What the answers amounted to.' })
  readonly decisions!: DecisionCountsResponse;

  @ApiProperty({ description: 'The most frequent labels.', type: [LabelShareResponse] })
  readonly labels!: readonly LabelShareResponse[];

  @ApiProperty({ description: 'Share of all other labels.', minimum: 0, maximum: 1 })
  readonly otherLabels!: number;

  @ApiProperty({
    description: 'Share of the images whose top score lies in each tenth between 0 and 1, lowest first.',
    type: [Number],
    minItems: 10,
    maxItems: 10,
  })
  readonly scores!: readonly number[];

  @ApiProperty({ description: 'What people said of the answers.' })
  readonly feedback!: FeedbackCountsResponse;

  @ApiProperty({ description: 'Counts over time, oldest first.', type: [SeriesPointResponse] })
  readonly series!: readonly SeriesPointResponse[];

  @ApiProperty({ description: 'Images that were classified but are not in these figures.', type: 'integer' })
  readonly dropped!: number;

  @ApiProperty({ description: 'How the images compare with those that the model was made with.' })
  readonly drift!: DriftResponse;
}

export class MonitoringResponse {
  @ApiProperty({
    description: '`off` where nothing watches the model; `unavailable` while what watches it does not answer.',
    enum: MONITORING_STATES,
  })
  readonly state!: MonitoringState;

  @ApiProperty({ description: 'How far back it looks.', enum: WINDOW_NAMES })
  readonly window!: MonitorWindow;

  @ApiPropertyOptional({ description: 'What is known; only when the state is `on`.' })
  readonly figures?: MonitoringFiguresResponse;
}

export class StatusReportResponse extends StatusResponse {
  @ApiProperty({ description: 'What the model saw lately. It does not count for `status`.' })
  readonly monitoring!: MonitoringResponse;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ProblemDocument } from '../problems';

export const TIER_STATES = ['ok', 'starting', 'unavailable'] as const;
export type TierState = (typeof TIER_STATES)[number];

/** `monitor` is there only when the system is run with one, and no photo needs it. */
export const TIER_NAMES = ['web', 'was', 'model', 'monitor'] as const;
export type TierName = (typeof TIER_NAMES)[number];

export class TierStatus {
  @ApiProperty({ description: 'Name of the part.', enum: TIER_NAMES })
  readonly name!: TierName;

  @ApiProperty({ description: 'Whether it does its work.', enum: TIER_STATES })
  readonly status!: TierState;

  @ApiPropertyOptional({ description: 'Version of the software, or of the model.' })
  readonly version?: string;

  @ApiPropertyOptional({ description: 'Which image it runs in; `local` outside of one.', example: '3f2a9c01b7de' })
  readonly build?: string;

  @ApiPropertyOptional({ description: 'How long the last question to it took, in milliseconds.' })
  readonly latencyMs?: number;

  @ApiPropertyOptional({ description: 'More about its state, in a sentence in the language of the answer.' })
  readonly detail?: string;
}

/** What a tier tells the one before it, which puts it into words. */
export interface TierReport extends Omit<TierStatus, 'detail'> {
  /** Why it is not well. */
  readonly problem?: ProblemDocument;
  /** Of monitor: events that have not got there yet, and those that never will. */
  readonly events?: { readonly waiting: number; readonly dropped: number };
  /** In place of both: the sentence of a tier of an earlier version. */
  readonly detail?: string;
}

export class StatusResponse {
  @ApiProperty({
    description: '`ok` when a photo can be classified, whatever becomes of `monitor`.',
    enum: TIER_STATES,
  })
  readonly status!: TierState;

  @ApiProperty({ description: 'Every part, from the public one inwards.', type: [TierStatus] })
  readonly tiers!: readonly TierStatus[];
}

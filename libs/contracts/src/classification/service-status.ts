import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export const TIER_STATES = ['ok', 'starting', 'unavailable'] as const;
export type TierState = (typeof TIER_STATES)[number];

export class TierStatus {
  @ApiProperty({ description: 'Name of the part.', enum: ['web', 'was', 'model'] })
  readonly name!: 'web' | 'was' | 'model';

  @ApiProperty({ description: 'Whether it does its work.', enum: TIER_STATES })
  readonly status!: TierState;

  @ApiPropertyOptional({ description: 'Version of the software, or of the model.' })
  readonly version?: string;

  @ApiPropertyOptional({ description: 'How long the last question to it took, in milliseconds.' })
  readonly latencyMs?: number;

  @ApiPropertyOptional({ description: 'More about its state, in a sentence.' })
  readonly detail?: string;
}

export class StatusResponse {
  @ApiProperty({ description: '`ok` when a photo can be classified.', enum: TIER_STATES })
  readonly status!: TierState;

  @ApiProperty({ description: 'Every part, from the public one inwards.', type: [TierStatus] })
  readonly tiers!: readonly TierStatus[];
}

import { ApiProperty } from '@nestjs/swagger';

/** What an answer offers for feedback to it. */
export class FeedbackOffer {
  @ApiProperty({ description: 'Ties feedback to this answer; to be sent with it.' })
  readonly token!: string;

  @ApiProperty({ description: 'Until when feedback is taken.', format: 'date-time' })
  readonly expires!: string;
}

export class FeedbackResponse {
  @ApiProperty({ description: 'Id of the classification.', format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ description: 'True: the feedback is on disk, or in the bucket.' })
  readonly stored!: boolean;

  @ApiProperty({ description: 'Whether a photo is kept with it.' })
  readonly photo!: boolean;
}

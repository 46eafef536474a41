import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { rule } from '../problems';

const MAX_LABEL_CHARACTERS = 128;

/** What a person says of an answer: query of was's route, and most of the public body. */
export class FeedbackStatement {
  @ApiProperty({ description: 'Whether the answer was right.' })
  @Transform(({ value }: { value: unknown }) => booleanOrAsIs(value))
  @IsBoolean(rule('boolean'))
  readonly right!: boolean;

  @ApiPropertyOptional({
    description: 'What it is, when the answer was wrong: the id of one of the model’s labels, or `other`.',
    maxLength: MAX_LABEL_CHARACTERS,
    example: 'n07747607',
  })
  @Transform(({ value }: { value: unknown }) => (value === '' || value === null ? undefined : value)) // forms send '' for nothing chosen
  @IsOptional()
  @MaxLength(MAX_LABEL_CHARACTERS, rule('most-characters', { most: MAX_LABEL_CHARACTERS }))
  @IsString(rule('text'))
  readonly label?: string;

  @ApiPropertyOptional({
    description: 'Whether the photo may be kept and learned from. A photo that comes without it is thrown away.',
    default: false,
  })
  @Transform(({ value }: { value: unknown }) => booleanOrAsIs(value))
  @IsBoolean(rule('boolean'))
  readonly consent: boolean = false;
}

export class FeedbackRequest extends FeedbackStatement {
  @ApiProperty({ description: '`feedback.token` of the answer.' })
  @MinLength(1, rule('not-empty'))
  @IsString(rule('text'))
  readonly token!: string;
}

/** Forms send texts. */
function booleanOrAsIs(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

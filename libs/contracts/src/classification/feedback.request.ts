import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

const MAX_LABEL_CHARACTERS = 128;

/** What a person says of an answer: query of was's route, and most of the public body. */
export class FeedbackStatement {
  @ApiProperty({ description: 'Whether the answer was right.' })
  @Transform(({ value }: { value: unknown }) => booleanOrAsIs(value))
  @IsBoolean({ message: 'must be true or false' })
  readonly right!: boolean;

  @ApiPropertyOptional({
    description: 'What it is, when the answer was wrong: the id of one of the model’s labels, or `other`.',
    maxLength: MAX_LABEL_CHARACTERS,
    example: 'n07747607',
  })
  @Transform(({ value }: { value: unknown }) => (value === '' || value === null ? undefined : value)) // forms send '' for nothing chosen
  @IsOptional()
  @MaxLength(MAX_LABEL_CHARACTERS, { message: `must have at most ${MAX_LABEL_CHARACTERS} characters` })
  @IsString({ message: 'must be a text' })
  readonly label?: string;

  @ApiPropertyOptional({
    description: 'Whether the photo may be kept and learned from. A photo that comes without it is thrown away.',
    default: false,
  })
  @Transform(({ value }: { value: unknown }) => booleanOrAsIs(value))
  @IsBoolean({ message: 'must be true or false' })
  readonly consent: boolean = false;
}

export class FeedbackRequest extends FeedbackStatement {
  @ApiProperty({ description: '`feedback.token` of the answer.' })
  @MinLength(1, { message: 'must not be empty' })
  @IsString({ message: 'must be a text' })
  readonly token!: string;
}

/** Forms send texts. */
function booleanOrAsIs(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { rule } from '../problems';
import { DEFAULT_TOP_K, MAX_TOP_K } from '../limits';

/** Query of the routes that classify. */
export class ClassifyRequest {
  @ApiPropertyOptional({
    description: 'How many of the best labels to answer.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_TOP_K,
    default: DEFAULT_TOP_K,
  })
  @Transform(({ value }: { value: unknown }) => numberOrAsIs(value))
  @Max(MAX_TOP_K, rule('at-most', { most: MAX_TOP_K }))
  @Min(1, rule('at-least', { least: 1 }))
  @IsInt(rule('whole-number'))
  readonly top_k: number = DEFAULT_TOP_K;

  @ApiPropertyOptional({
    description: 'Whether to answer where in the image the model looked.',
    type: 'boolean',
    default: false,
  })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean(rule('boolean'))
  readonly heatmap: boolean = false;
}

function numberOrAsIs(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

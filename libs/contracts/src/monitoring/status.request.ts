import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { rule } from '../problems';
import { type MonitorWindow, WINDOW_NAMES } from './monitor-answers';

export const DEFAULT_WINDOW: MonitorWindow = '1h';

/** Query of the route that tells how the service is. */
export class StatusRequest {
  @ApiPropertyOptional({
    description: 'How far back `monitoring` looks.',
    enum: WINDOW_NAMES,
    default: DEFAULT_WINDOW,
  })
  @IsIn(WINDOW_NAMES, rule('one-of', { allowed: WINDOW_NAMES }))
  readonly window: MonitorWindow = DEFAULT_WINDOW;
}

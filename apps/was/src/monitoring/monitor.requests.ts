import { rule } from '@app/contracts';
import { MONITOR_WINDOWS, type MonitorWindow } from '@app/contracts/monitoring';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';

const WINDOWS = Object.keys(MONITOR_WINDOWS);
const MAX_COUNT = 100;

export class WindowRequest {
  @IsIn(WINDOWS, rule('one-of', { allowed: WINDOWS }))
  readonly window: MonitorWindow = '1h';
}

export class RecentRequest {
  @Transform(({ value }: { value: unknown }) => (value === '' ? value : Number(value)))
  @Max(MAX_COUNT, rule('at-most', { most: MAX_COUNT }))
  @Min(1, rule('at-least', { least: 1 }))
  @IsInt(rule('whole-number'))
  readonly count: number = 20;
}

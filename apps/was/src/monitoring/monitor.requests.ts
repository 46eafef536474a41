import { MONITOR_WINDOWS, type MonitorWindow } from '@app/contracts/monitoring';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';

const WINDOWS = Object.keys(MONITOR_WINDOWS);
const MAX_COUNT = 100;

export class WindowRequest {
  @IsIn(WINDOWS, { message: `must be one of ${WINDOWS.join(', ')}` })
  readonly window: MonitorWindow = '1h';
}

export class RecentRequest {
  @Transform(({ value }: { value: unknown }) => (value === '' ? value : Number(value)))
  @Max(MAX_COUNT, { message: `must be at most ${MAX_COUNT}` })
  @Min(1, { message: 'must be at least 1' })
  @IsInt({ message: 'must be a whole number' })
  readonly count: number = 20;
}

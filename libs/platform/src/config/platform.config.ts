import { IsIn, IsInt, Max, Min } from 'class-validator';
import { FromEnv } from './setting';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The settings that every service has. */
export abstract class PlatformConfig {
  @FromEnv('LOG_LEVEL', 'Least level that is logged: trace, debug, info, warn, error, fatal or silent')
  @IsIn(LOG_LEVELS)
  readonly logLevel: string = 'info';

  @FromEnv('DRAIN_DELAY_MS', 'After SIGTERM: how long new requests are still taken while readiness already says no')
  @IsInt()
  @Min(0)
  @Max(30_000)
  readonly drainDelayMs: number = 3000;
}

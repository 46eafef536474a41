import { FromEnv, PlatformConfig } from '@app/platform';
import { IsBoolean, IsInt, IsString, IsUrl, Max, Min } from 'class-validator';

/** All settings of web; the only place that knows their variables. */
export class WebConfig extends PlatformConfig {
  @FromEnv('WEB_PORT', 'Port to listen on')
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 8000;

  @FromEnv('WEB_HOST', 'Address to listen on')
  @IsString()
  readonly host: string = '0.0.0.0';

  @FromEnv('WEB_WAS_URL', 'Where the business tier is')
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true })
  readonly wasUrl: string = 'http://127.0.0.1:8081';

  @FromEnv('WEB_DEADLINE_MS', 'Time for an answer, from the whole image being there')
  @IsInt()
  @Min(100)
  @Max(55_000)
  readonly deadlineMs: number = 20_000;

  @FromEnv('WEB_MAX_CONCURRENT', 'Images that are with the business tier at the same time; more are refused with 503')
  @IsInt()
  @Min(1)
  @Max(4096)
  readonly maxConcurrent: number = 64;

  @FromEnv('WEB_UPLOAD_IDLE_MS', 'Longest time without a byte while an image is uploaded')
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly uploadIdleMs: number = 15_000;

  @FromEnv('WEB_UPLOAD_MEMORY_MB', 'Memory for images that are being uploaded or classified; more are refused with 503')
  @IsInt()
  @Min(15)
  @Max(65_536)
  readonly uploadMemoryMb: number = 256;

  @FromEnv('WEB_RATE_LIMIT_PER_MINUTE', 'Requests a minute from one address; 0 switches the limit off')
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly rateLimitPerMinute: number = 1200;

  @FromEnv('WEB_TRUST_PROXY', 'Whether exactly one load balancer is in front and its X-Forwarded-For is to be believed')
  @IsBoolean()
  readonly trustProxy: boolean = false;
}

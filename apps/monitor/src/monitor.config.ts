import { FromEnv, PlatformConfig } from '@app/platform';
import { IsBoolean, IsInt, IsString, Matches, Max, Min } from 'class-validator';

/** All settings of monitor; the only place that knows their variables. Region and credentials are read by the AWS SDK itself. */
export class MonitorConfig extends PlatformConfig {
  @FromEnv('MONITOR_PORT', 'Port for messages, over Nest’s TCP transport')
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 8082;

  @FromEnv('MONITOR_HTTP_PORT', 'Port for probes and metrics, over HTTP')
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly httpPort: number = 8083;

  @FromEnv('MONITOR_HOST', 'Address to listen on')
  @IsString()
  readonly host: string = '0.0.0.0';

  @FromEnv(
    'MONITOR_STATE',
    'A folder or `s3://bucket/prefix` in which the state outlives the process; without it nothing does',
  )
  @IsString()
  @Matches(/^(?!s3:)|^s3:\/\/[a-z0-9][a-z0-9.-]+[a-z0-9](\/|$)/, {
    message: 'state must be a folder or s3://bucket/prefix',
  })
  readonly state: string = '';

  @FromEnv(
    'MONITOR_INSTANCE',
    'Name of this monitor among those that share a state; two that run must not have the same',
  )
  @Matches(/^[a-zA-Z0-9-]{1,64}$/)
  readonly instance: string = 'monitor';

  @FromEnv('MONITOR_SAVE_SECONDS', 'How often a changed state is saved: a crash loses what came since')
  @IsInt()
  @Min(1)
  @Max(600)
  readonly saveSeconds: number = 5;

  @FromEnv(
    'MONITOR_LOOK_SECONDS',
    'How often drift is looked for; the more often, the stronger the evidence that is asked for',
  )
  @IsInt()
  @Min(1)
  @Max(3600)
  readonly lookSeconds: number = 60;

  @FromEnv('MONITOR_EMF', 'Whether to log figures every minute in CloudWatch’s Embedded Metric Format')
  @IsBoolean()
  readonly emf: boolean = false;

  @FromEnv(
    'MONITOR_EMF_NAMESPACE',
    'Namespace of those figures: another one for each copy of the product in an account',
  )
  @Matches(/^[a-zA-Z0-9._/#-]{1,255}$/)
  readonly emfNamespace: string = 'ImageClassifier';
}

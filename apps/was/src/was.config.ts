import { FromEnv, PlatformConfig } from '@app/platform';
import { IsInt, IsOptional, IsString, Matches, Max, Min, IsNumber } from 'class-validator';

/** All settings of was; the only place that knows their variables. Region and credentials are read by the AWS SDK itself. */
export class WasConfig extends PlatformConfig {
  @FromEnv('WAS_PORT', 'Port to listen on')
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 8081;

  @FromEnv('WAS_HOST', 'Address to listen on')
  @IsString()
  readonly host: string = '0.0.0.0';

  @FromEnv('WAS_ENDPOINT_NAME', 'Name of the SageMaker endpoint')
  @Matches(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/)
  readonly endpointName: string = 'image-classifier';

  @FromEnv('WAS_DEADLINE_MS', 'Time for a classification when the caller names none')
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly deadlineMs: number = 20_000;

  @FromEnv('WAS_MAX_CONCURRENT', 'Classifications worked on at the same time')
  @IsInt()
  @Min(1)
  @Max(1024)
  readonly maxConcurrent: number = 16;

  @FromEnv('WAS_MAX_QUEUE', 'Classifications that wait for a place; more are refused with 503')
  @IsInt()
  @Min(0)
  @Max(4096)
  readonly maxQueue: number = 64;

  @FromEnv('WAS_UNCERTAIN_BELOW', 'Least score of a sure answer, for models that bring no threshold of their own')
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly uncertainBelow: number = 0.5;

  @FromEnv('WAS_LABELS_FILE', 'JSON array of label names, for containers that answer bare probabilities')
  @IsOptional()
  @IsString()
  readonly labelsFile: string = '';
}

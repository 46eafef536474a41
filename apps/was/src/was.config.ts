import { FromEnv, PlatformConfig } from '@app/platform';
import { IsInt, IsOptional, IsString, Matches, Max, Min, IsNumber, ValidateBy, ValidateIf } from 'class-validator';

/** 43 characters of base64 are the first that hold 32 bytes. */
const KEYS = /^[A-Za-z0-9+/]{43,}={0,2}(,[A-Za-z0-9+/]{43,}={0,2})*$/;

/** Refuses a setting when the one in whose place it stands is set too. */
function IsInPlaceOf(property: string, variable: string): PropertyDecorator {
  return ValidateBy({
    name: 'isInPlaceOf',
    validator: {
      validate: (_value, validation) => (validation?.object as Record<string, unknown>)[property] === '',
      defaultMessage: () => `$property and ${variable} must not both be set`,
    },
  });
}

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

  @FromEnv('WAS_MONITOR_HOST', 'Where monitor is; without it nothing is told of classifications')
  @IsString()
  readonly monitorHost: string = '';

  @FromEnv('WAS_MONITOR_PORT', 'Port on which monitor takes messages')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly monitorPort: number = 8082;

  @FromEnv('WAS_FEEDBACK_DIR', 'Folder for feedback; without it and without a bucket no feedback is taken')
  @IsString()
  readonly feedbackDir: string = '';

  @FromEnv('WAS_FEEDBACK_BUCKET', 'S3 bucket for feedback, in place of a folder')
  @ValidateIf(({ feedbackBucket }: WasConfig) => feedbackBucket !== '')
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
  @IsInPlaceOf('feedbackDir', 'WAS_FEEDBACK_DIR')
  readonly feedbackBucket: string = '';

  @FromEnv('WAS_FEEDBACK_PREFIX', 'What the keys of feedback in the bucket begin with')
  @Matches(/^([a-zA-Z0-9!_.*'()-]+\/)*$/, { message: 'feedbackPrefix must be empty or end with a slash' })
  readonly feedbackPrefix: string = 'feedback/';

  @FromEnv(
    'WAS_FEEDBACK_KEY',
    'Keys for feedback tokens, base64 of at least 32 bytes each, separated by commas: the first signs, all verify; default a random one',
  )
  @ValidateIf(({ feedbackKey }: WasConfig) => feedbackKey !== '')
  @Matches(KEYS, {
    message: 'feedbackKey must be base64 of at least 32 bytes, or several of these separated by commas',
  })
  readonly feedbackKey: string = '';

  @FromEnv('WAS_FEEDBACK_DAYS', 'How long after an answer feedback to it is taken')
  @IsInt()
  @Min(1)
  @Max(90)
  readonly feedbackDays: number = 7;
}

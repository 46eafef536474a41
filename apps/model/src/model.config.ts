import { availableCpus } from '@app/onnx';
import { FromEnv, PlatformConfig } from '@app/platform';
import { IsInt, IsNotEmpty, IsOptional, IsSemVer, Max, Min } from 'class-validator';

/** Everything that can be set from outside. The table in README.md is compared with it by a test. */
export class ModelConfig extends PlatformConfig {
  @FromEnv('SAGEMAKER_BIND_TO_PORT', 'Port to listen on; SageMaker sets it where several containers share a machine')
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 8080;

  @FromEnv('MODEL_HOST', 'Address to listen on')
  @IsNotEmpty()
  readonly host: string = '0.0.0.0';

  @FromEnv('MODEL_DIR', 'Folder of the model package: `model.onnx` and `model.json`')
  @IsNotEmpty()
  readonly packageFolder: string = '/opt/ml/model';

  @FromEnv('MODEL_VERSION', 'Semantic version under which the model is served, whatever its `model.json` says')
  @IsOptional()
  @IsSemVer()
  readonly modelVersion?: string;

  @FromEnv('MODEL_WORKERS', 'Images that are computed at the same time, each on a CPU of its own')
  @IsInt()
  @Min(1)
  @Max(256)
  readonly workers: number = availableCpus();

  // Long enough for a burst, short enough to be waited for: at 10 ms an image the last of 64 waits 0.6 s on one CPU.
  @FromEnv('MODEL_MAX_QUEUE', 'Images that may wait when all workers are busy; more are refused with 503')
  @IsInt()
  @Min(0)
  @Max(10_000)
  readonly maxQueue: number = 64;
}

/**
 * Log lines as the services write them, and metrics in CloudWatch's embedded format, which CloudWatch reads from the
 * log.
 */
export type Level = 'info' | 'warn' | 'error';
export type Fields = Readonly<Record<string, unknown>>;
export type WriteLine = (line: string) => void;

export type MetricName =
  /** SageMaker took a deployment back, or the endpoint failed. */
  | 'ModelDeploymentRolledBack'
  /** A deployment cannot be done as things are, and trying again does not help. */
  | 'ModelDeploymentRefused'
  /** The pipeline was started. */
  | 'TrainingStarted'
  /** Drift asked for training, and no dataset version is there that no run has learnt from. */
  | 'NothingNewToLearn'
  /** A dataset version cannot be used as it is. */
  | 'TrainingRefused';

/** What a metric is told apart by: the name of an endpoint or of a pipeline. */
export type Dimension = { readonly Endpoint: string } | { readonly Pipeline: string };

export const METRIC_NAMESPACE = 'ImageClassifier';

export class FunctionLog {
  constructor(
    private readonly write: WriteLine,
    private readonly common: Fields,
  ) {}

  log(level: Level, message: string, fields: Fields = {}): void {
    this.write(JSON.stringify({ level, time: new Date().toISOString(), ...this.common, ...fields, msg: message }));
  }

  /** A line that also counts one in a metric; an error line unless it is said otherwise. */
  count(metric: MetricName, dimension: Dimension, message: string, fields: Fields, level: Level = 'error'): void {
    this.log(level, message, {
      ...fields,
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: METRIC_NAMESPACE,
            Dimensions: [Object.keys(dimension)],
            Metrics: [{ Name: metric, Unit: 'Count' }],
          },
        ],
      },
      ...dimension,
      [metric]: 1,
    });
  }
}

/** Not console.log: Lambda puts words before its lines, and then they are no JSON. */
export const writeToStdout: WriteLine = (line) => void process.stdout.write(`${line}\n`);

/** An error as a line tells it, with its stack. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack, ...('code' in error ? { code: error.code } : {}) };
}

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
  | 'ModelDeploymentRefused';

export const METRIC_NAMESPACE = 'ImageClassifier';

export class FunctionLog {
  constructor(
    private readonly write: WriteLine,
    private readonly common: Fields,
  ) {}

  log(level: Level, message: string, fields: Fields = {}): void {
    this.write(JSON.stringify({ level, time: new Date().toISOString(), ...this.common, ...fields, msg: message }));
  }

  /** An error line that also counts one in a metric, by endpoint. */
  count(metric: MetricName, endpoint: string, message: string, fields: Fields): void {
    this.log('error', message, {
      ...fields,
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          { Namespace: METRIC_NAMESPACE, Dimensions: [['Endpoint']], Metrics: [{ Name: metric, Unit: 'Count' }] },
        ],
      },
      Endpoint: endpoint,
      [metric]: 1,
    });
  }
}

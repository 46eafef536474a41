/** What jobs on AWS print: SageMaker sends it to CloudWatch Logs. */
import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { JobLog } from '../runs/job-log.port';
import { Job } from '../runs/run';
import { lastProgress } from './local-job-log';

const LOG_GROUPS: Readonly<Record<Job['kind'], string>> = {
  training: '/aws/sagemaker/TrainingJobs',
  processing: '/aws/sagemaker/ProcessingJobs',
};

/** Looked at for the last line of progress. */
const EVENTS = 50;

export class CloudWatchJobLog implements JobLog {
  constructor(private readonly client: CloudWatchLogsClient) {}

  async progressOf(job: Job): Promise<string | undefined> {
    return lastProgress(await this.#last(job, EVENTS));
  }

  lastLines(job: Job, count: number): Promise<readonly string[]> {
    return this.#last(job, count);
  }

  placeOf(job: Job): string {
    return `CloudWatch Logs, group ${LOG_GROUPS[job.kind]}, streams ${job.name}/...`;
  }

  async #last({ kind, name }: Job, limit: number): Promise<readonly string[]> {
    const logGroupName = LOG_GROUPS[kind];
    try {
      const { logStreams } = await this.client.send(
        new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: `${name}/`, limit: 1 }),
      );
      const logStreamName = logStreams?.[0]?.logStreamName;
      if (logStreamName === undefined) return [];
      const { events } = await this.client.send(new GetLogEventsCommand({ logGroupName, logStreamName, limit }));
      return (events ?? []).map(({ message = '' }) => message);
    } catch {
      return []; // no log yet, or no permission to read it: the run is none the worse
    }
  }
}

/** The log of one build, read line by line while it grows. */
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { unlessMissing } from '../aws-problems';

export interface LogPlace {
  readonly group: string;
  readonly stream: string;
}

export class BuildLog {
  #token: string | undefined;
  readonly #lines: string[] = [];

  constructor(private readonly client: CloudWatchLogsClient) {}

  /** All that has been read, oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Those that have come since the last call; none as long as the log is not there. */
  async fresh({ group, stream }: LogPlace): Promise<string[]> {
    const found: string[] = [];
    for (;;) {
      const page = await unlessMissing(
        this.client.send(
          new GetLogEventsCommand({
            ...{ logGroupName: group, logStreamName: stream, startFromHead: true },
            ...(this.#token === undefined ? {} : { nextToken: this.#token }),
          }),
        ),
      );
      found.push(...(page?.events ?? []).flatMap(({ message = '' }) => message.trimEnd().split(/\r?\n/)));
      // At the end of the stream the token that was given comes back.
      const isEnd = page?.nextForwardToken === undefined || page.nextForwardToken === this.#token;
      this.#token = page?.nextForwardToken ?? this.#token;
      if (isEnd) break;
    }
    this.#lines.push(...found);
    return found;
  }
}

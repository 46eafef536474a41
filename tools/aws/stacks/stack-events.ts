/** Reads the events of a stack, each once, and waits for the end of what is under way. */
import { CloudFormationClient, DescribeStackEventsCommand, StackEvent } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { findStack } from './stack-state';

/** A stack takes minutes, and CloudFormation throttles those who ask often. */
const POLL_INTERVAL_MS = 3_000;

export class StackEvents {
  readonly #seen = new Set<string>();

  /** @param stack name or id; only the id also finds a stack that has been deleted. */
  constructor(
    readonly client: CloudFormationClient,
    readonly stack: string,
  ) {}

  /** What is there by now belongs to the past. */
  async forgetPast(): Promise<void> {
    await this.fresh();
  }

  /** Those since the operation began that is under way. */
  async rewindToOperation(): Promise<void> {
    const events = await this.fresh();
    const start = events.findLastIndex(
      ({ StackId, PhysicalResourceId, ResourceStatusReason }) =>
        PhysicalResourceId === StackId && /^User Initiated/i.test(ResourceStatusReason ?? ''),
    );
    for (const { EventId = '' } of events.slice(Math.max(0, start))) this.#seen.delete(EventId);
  }

  /** Those that have not been given before, oldest first. */
  async fresh(): Promise<StackEvent[]> {
    const found: StackEvent[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new DescribeStackEventsCommand({ StackName: this.stack, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      const events = page.StackEvents ?? [];
      found.push(...events.filter(({ EventId = '' }) => !this.#seen.has(EventId)));
      const isKnownFromHere = events.some(({ EventId = '' }) => this.#seen.has(EventId));
      token = isKnownFromHere ? undefined : page.NextToken;
    } while (token !== undefined);
    for (const { EventId = '' } of found) this.#seen.add(EventId);
    return found.reverse();
  }
}

export interface Ended {
  /** The stack's status; `DELETE_COMPLETE` when it is gone. */
  readonly status: string;
  /** Of the whole operation, oldest first. */
  readonly events: readonly StackEvent[];
}

/** Waits until the stack has come to rest; gives every event to `onEvent`, and calls `onPoll` after each look. */
export async function followStack(
  client: CloudFormationClient,
  events: StackEvents,
  onEvent: (event: StackEvent) => void,
  onPoll: () => void = () => undefined,
): Promise<Ended> {
  const all: StackEvent[] = [];
  for (;;) {
    const fresh = await events.fresh();
    fresh.forEach(onEvent);
    all.push(...fresh);
    onPoll();
    const status = (await findStack(client, events.stack))?.StackStatus ?? 'DELETE_COMPLETE';
    // What was asked for may not have begun when the first look is taken: only the stack's own event tells the end.
    if (!status.endsWith('_IN_PROGRESS') && all.some((event) => isEndOf(event, status))) return { status, events: all };
    await sleep(POLL_INTERVAL_MS);
  }
}

function isEndOf({ StackId, PhysicalResourceId, ResourceStatus }: StackEvent, status: string): boolean {
  return PhysicalResourceId === StackId && ResourceStatus === status;
}

import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { MonitorConfig } from '../monitor.config';
import { Observations } from '../observation/observations';
import { StateStore } from './state-store.port';
import { readState, StateError, writeState } from './state-text';

interface OtherPart {
  readonly version: string;
  /** Nothing when it cannot be read. */
  readonly observations: Observations | undefined;
}

/**
 * Keeps what this monitor has seen in the store, and knows what others have put there. The state is written every few seconds when it has
 * changed, and at the end; so that a crash loses a few seconds. Nothing is written before what is there was read: a store that cannot
 * be reached at the start must not cost the history.
 */
@Injectable()
export class StateKeeper implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('State');
  private readonly others = new Map<string, OtherPart>();
  private savedRevision = 0;
  private isLoaded = false;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly own: Observations,
    private readonly store: StateStore,
    private readonly config: MonitorConfig,
  ) {}

  /** All that is known: by this monitor first, then by the others. */
  parts(): readonly Observations[] {
    const others = [...this.others.values()].map(({ observations }) => observations);
    return [this.own, ...others.filter((observations) => observations !== undefined)];
  }

  /** Times that the store could not be read or written, since the process began. */
  get failedAccesses(): number {
    return this.failures;
  }

  async onModuleInit(): Promise<void> {
    if (this.config.state === '') this.logger.warn('MONITOR_STATE is not set: what is seen ends with this process');
    await this.exchange();
    this.scheduleNext();
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
    await this.exchange();
  }

  private scheduleNext(): void {
    this.timer = setTimeout(() => {
      this.running = this.exchange().then(() => {
        if (this.timer !== undefined) this.scheduleNext();
      });
    }, this.config.saveSeconds * 1000);
    this.timer.unref();
  }

  /** Reads its own part when that is still to be done, writes it when it has changed, and reads the others. */
  private async exchange(): Promise<void> {
    try {
      if (!this.isLoaded) await this.loadOwn();
      const { revision } = this.own;
      if (revision !== this.savedRevision) {
        await this.store.save(this.config.instance, writeState(this.own));
        this.savedRevision = revision;
      }
      await this.readOthers();
      for (const { observations } of this.others.values()) if (observations) this.own.followBaselines(observations);
    } catch (error) {
      this.failures += 1;
      this.logger.warn({ err: error }, 'the state could not be read or written; it is tried again');
    }
  }

  private async loadOwn(): Promise<void> {
    const { instance } = this.config;
    const hasNews = this.own.revision !== this.savedRevision;
    const text = await this.store.load(instance);
    if (text !== undefined) await this.take(instance, text);
    this.isLoaded = true;
    if (!hasNews) this.savedRevision = this.own.revision;
  }

  private async take(name: string, text: string): Promise<void> {
    try {
      this.own.absorb(readState(text));
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const place = await this.store.setAside(name);
      this.logger.warn({ place }, `${error.message}; it was set aside, and monitor begins anew`);
    }
  }

  private async readOthers(): Promise<void> {
    const found = (await this.store.list()).filter(({ name }) => name !== this.config.instance);
    for (const name of this.others.keys()) if (!found.some((part) => part.name === name)) this.others.delete(name);
    for (const { name, version } of found) {
      if (this.others.get(name)?.version === version) continue;
      const text = await this.store.load(name);
      if (text !== undefined) this.others.set(name, { version, observations: this.readOther(name, text) });
    }
  }

  private readOther(name: string, text: string): Observations | undefined {
    try {
      return readState(text);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.logger.warn(`the part of ${name} is left out: ${error.message}`);
      return undefined;
    }
  }
}

import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { MonitorConfig } from '../monitor.config';
import { Observations } from '../observation/observations';
import { OwnPart } from './own-part';
import { StateStore, StoredPart } from './state-store.port';
import { readState, StateError } from './state-text';

interface OtherPart {
  readonly version: string;
  /** Nothing when it cannot be read. */
  readonly observations: Observations | undefined;
}

/**
 * Keeps what this monitor has seen in the store, and knows what others have put there. The state is written every few seconds when it has
 * changed, and at the end; so that a crash loses a few seconds. Nothing is written before what is there was read: a store that cannot
 * be reached at the start must not cost the history. Nothing is written over the part of another monitor that runs under the same name:
 * who began last has it, and the other one says so and keeps what it sees to itself.
 */
@Injectable()
export class StateKeeper implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('State');
  private readonly others = new Map<string, OtherPart>();
  private readonly part: OwnPart;
  private hasLostPart = false;
  private savedRevision = 0;
  private isLoaded = false;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly own: Observations,
    private readonly store: StateStore,
    private readonly config: MonitorConfig,
  ) {
    this.part = new OwnPart(store, config.instance);
  }

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
      const parts = await this.store.list();
      if (this.own.revision !== this.savedRevision) await this.save(parts);
      await this.readOthers(parts);
      for (const { observations } of this.others.values()) if (observations) this.own.followBaselines(observations);
    } catch (error) {
      this.failures += 1;
      this.logger.warn({ err: error }, 'the state could not be read or written; it is tried again');
    }
  }

  /** What was there is written again at once, although nothing has changed: another one that still writes it shall know. */
  private async loadOwn(): Promise<void> {
    const text = await this.part.load();
    if (text !== undefined) await this.take(this.config.instance, text);
    this.isLoaded = true;
  }

  private async save(parts: readonly StoredPart[]): Promise<void> {
    const { revision } = this.own;
    if (await this.part.save(this.own, parts)) {
      this.savedRevision = revision;
      return;
    }
    this.failures += 1;
    if (this.hasLostPart) return;
    this.hasLostPart = true;
    this.logger.error(
      `another monitor runs as ${this.config.instance} and keeps its state in the same place: this one writes nothing over it, and what ` +
        'it sees from now on ends with its process. Give each monitor a MONITOR_INSTANCE of its own, or stop one of them',
    );
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

  private async readOthers(parts: readonly StoredPart[]): Promise<void> {
    const found = parts.filter(({ name }) => name !== this.config.instance);
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

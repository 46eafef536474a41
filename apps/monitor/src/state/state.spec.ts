import { loadConfig } from '@app/platform';
import { Logger } from '@nestjs/common';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL, TrafficSource } from '../../test/support/synthetic-traffic';
import { MonitorConfig } from '../monitor.config';
import { Observations } from '../observation/observations';
import { FolderStateStore } from './folder-state-store';
import { StateKeeper } from './state-keeper';
import { StateStore, StoredPart } from './state-store.port';
import { readState, StateError, writeState } from './state-text';

const events = new TrafficSource(5).events(20, {}, Date.now());

function seen(): Observations {
  const observations = new Observations();
  observations.addBatch({ source: 'was-1', sequence: 1, dropped: 0, events }, Date.now());
  return observations;
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('the text of a state', () => {
  const text = writeState(seen(), 'one');

  it.each([
    ['nothing', ''],
    ['another JSON file', '{"format":"other"}'],
    ['a file that was cut off', text.slice(0, -100)],
    [
      'a file of which a digit has changed',
      text.replace(/"score":0\.(\d)/, (_, digit) => `"score":0.${(Number(digit) + 1) % 10}`),
    ],
    ['a state of another version', text.replace('"version":1', '"version":2')],
  ])('is not read from %s', (_, damaged) => {
    expect(() => readState(damaged)).toThrow(StateError);
  });

  it('comes back', () => {
    expect(readState(text).history(MODEL)?.totals).toEqual(seen().history(MODEL)?.totals);
  });
});

describe('FolderStateStore', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'monitor-state-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps parts, and leaves nothing else behind', async () => {
    const store = new FolderStateStore(join(folder, 'deep', 'er'));

    expect(await store.list()).toEqual([]);
    expect(await store.load('one')).toBeUndefined();
    const before = await store.save('one', 'first');
    const after = await store.save('one', 'second');

    expect(await store.load('one')).toBe('second');
    expect(await store.list()).toEqual([{ name: 'one', version: after }]);
    expect(after).not.toBe(before);
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['one.json']);
  });

  it('puts a part out of the way', async () => {
    const store = new FolderStateStore(folder);
    await store.save('one', 'nonsense');

    const place = await store.setAside('one');

    expect(readFileSync(place, 'utf8')).toBe('nonsense');
    expect(await store.list()).toEqual([]);
  });
});

/** A folder that can be out of reach. */
class UnreliableStore extends StateStore {
  isReachable = true;
  private readonly store: FolderStateStore;

  constructor(folder: string) {
    super();
    this.store = new FolderStateStore(folder);
  }

  async list(): Promise<readonly StoredPart[]> {
    return await this.reach().list();
  }

  async load(name: string): Promise<string | undefined> {
    return await this.reach().load(name);
  }

  async save(name: string, text: string): Promise<string> {
    return await this.reach().save(name, text);
  }

  async setAside(name: string): Promise<string> {
    return await this.reach().setAside(name);
  }

  private reach(): FolderStateStore {
    if (!this.isReachable) throw new Error('out of reach');
    return this.store;
  }
}

describe('StateKeeper', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'monitor-state-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const config = () => loadConfig(MonitorConfig, { MONITOR_STATE: folder, MONITOR_SAVE_SECONDS: '600' });

  it('writes nothing over a history that it could not read, and adds it when it can', async () => {
    const store = new UnreliableStore(folder);
    await store.save('monitor', writeState(seen(), 'one'));
    store.isReachable = false;
    const observations = new Observations();
    const keeper = new StateKeeper(observations, store, config());

    await keeper.onModuleInit();
    observations.addBatch({ source: 'was-2', sequence: 1, dropped: 0, events }, Date.now());
    expect(keeper.failedAccesses).toBe(1);
    store.isReachable = true;
    await keeper.onApplicationShutdown();

    const kept = readState((await store.load('monitor')) ?? '');
    expect(kept.history(MODEL)?.totals.label).toBe(2 * (seen().history(MODEL)?.totals.label ?? NaN));
  });

  it('writes nothing when nothing has changed', async () => {
    const keeper = new StateKeeper(new Observations(), new FolderStateStore(folder), config());

    await keeper.onModuleInit();
    await keeper.onApplicationShutdown();

    expect(existsSync(join(folder, 'monitor.json'))).toBe(false);
  });

  it('writes nothing over the part of another one that began later under its name, and says so once', async () => {
    const store = new FolderStateStore(folder);
    await store.save('monitor', writeState(seen(), 'somebody earlier'));
    const [first, second] = [new Observations(), new Observations()];
    const [one, two] = [first, second].map((each) => new StateKeeper(each, store, config())) as [
      StateKeeper,
      StateKeeper,
    ];
    const error = jest.spyOn(Logger.prototype, 'error');
    const add = (to: Observations, source: string) =>
      to.addBatch({ source, sequence: 1, dropped: 0, events }, Date.now());

    await one.onModuleInit();
    await two.onModuleInit();
    add(first, 'was-2');
    add(second, 'was-3');
    await two.onApplicationShutdown();
    await one.onApplicationShutdown();
    await one.onApplicationShutdown();

    const kept = readState((await store.load('monitor')) ?? '');
    expect(kept.history(MODEL)?.totals).toEqual(second.history(MODEL)?.totals);
    expect([one.failedAccesses, two.failedAccesses]).toEqual([2, 0]);
    expect(error.mock.calls).toEqual([[expect.stringContaining('another monitor runs as monitor')]]);
    error.mockRestore();
  });

  it('leaves out the part of another monitor that cannot be read, where it is', async () => {
    writeFileSync(join(folder, 'other.json'), 'nonsense');
    const observations = new Observations();
    const keeper = new StateKeeper(observations, new FolderStateStore(folder), config());

    await keeper.onModuleInit();
    await keeper.onApplicationShutdown();

    expect(keeper.parts()).toEqual([observations]);
    expect(readdirSync(folder)).toEqual(['other.json']);
  });
});

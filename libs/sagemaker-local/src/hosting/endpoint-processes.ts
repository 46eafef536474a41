/** Which processes serve an endpoint of a state folder right now. What they say of themselves is believed only when they answer. */
import { rm } from 'node:fs/promises';
import { request } from 'undici';
import { isObject } from '../control-plane/input-members';
import { hasCode, StateFolder } from '../state';

export interface EndpointProcess {
  readonly pid: number;
  readonly url: string;
}

/** Two cores may be busy with training; a process that is gone refuses the connection at once. */
const HEALTH_TIMEOUT_MS = 5000;

export class EndpointProcesses {
  readonly #folder: readonly string[];

  constructor(
    private readonly state: StateFolder,
    private readonly endpointName: string,
  ) {
    this.#folder = ['endpoints', endpointName, 'processes'];
  }

  /** Says that this process serves the endpoint at `url`. */
  async announce(url: string): Promise<void> {
    const announcement: EndpointProcess = { pid: process.pid, url };
    await this.state.write(announcement, ...this.#folder, `${process.pid}.json`);
  }

  async withdraw(): Promise<void> {
    await this.#remove(`${process.pid}.json`);
  }

  /** One that answers, if there is any. */
  async running(): Promise<EndpointProcess | undefined> {
    for (const name of await this.state.list(...this.#folder)) {
      const announced = await this.state.read<EndpointProcess>(...this.#folder, name);
      if (announced === undefined) continue;
      if (!isAlive(announced.pid)) await this.#remove(name);
      else if (await this.#answers(announced)) return announced;
    }
    return undefined;
  }

  /** The process id may belong to another program by now, and so may the port. */
  async #answers({ url }: EndpointProcess): Promise<boolean> {
    try {
      const { body } = await request(`${url}/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
      const health: unknown = await body.json();
      return (
        isObject(health) && health['stateFolder'] === this.state.root && health['endpointName'] === this.endpointName
      );
    } catch {
      return false; // gone, or something else
    }
  }

  async #remove(name: string): Promise<void> {
    await rm(this.state.path(...this.#folder, name), { force: true });
  }
}

/** Whether there is a process with this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM'); // somebody else's
  }
}

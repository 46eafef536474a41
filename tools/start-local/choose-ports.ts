/** Which port each tier gets: the one that was asked for, its usual one, or the next that is free. */
import { StartOptions } from './options';
import { isPortFree, nextFreePort, NoFreePortError } from './ports';
import { DEFAULT_PORTS, MonitorPorts, Ports, WITHOUT_MONITOR } from './tiers';

const INSIDE = '127.0.0.1';
const { web, was, endpoint, monitor } = DEFAULT_PORTS;
const USUAL_PORTS: readonly number[] = [web, was, endpoint, monitor.messages, monitor.http];

/** A tier that is needed cannot listen. The message says why and what to do. */
export class PortError extends Error {}

/**
 * A port that was asked for must be free; of the others the next free one does, and `say` is told of it. Without one for monitor the
 * system has no monitor. Throws `PortError`.
 */
export async function choosePorts(
  { port, host, monitor: isWanted }: Pick<StartOptions, 'port' | 'host' | 'monitor'>,
  say: (text: string) => void,
): Promise<Ports> {
  try {
    if (port !== undefined && !(await isPortFree(port, host))) {
      throw new PortError(`Port ${port} is in use. Stop what uses it, or choose another one with --port.`);
    }
    const chooser = new PortChooser(port === undefined ? [] : [port]);
    const ports = {
      web: port ?? (await chooser.choose('web', web, host)),
      was: await chooser.choose('was', was, INSIDE),
      endpoint: await chooser.choose('endpoint', endpoint, INSIDE),
    };
    const monitorPorts = isWanted ? await chooseForMonitor(chooser, say) : undefined;
    if (chooser.moved.length > 0) say(`Ports: ${chooser.moved.join('; ')}.`);
    return { ...ports, ...(monitorPorts === undefined ? {} : { monitor: monitorPorts }) };
  } catch (error) {
    if (error instanceof NoFreePortError) throw new PortError(`Cannot start: ${error.message}.`);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error; // none of the system's
    throw new PortError(`Cannot listen on ${host}${port === undefined ? '' : `:${port}`} (${message}).`);
  }
}

async function chooseForMonitor(chooser: PortChooser, say: (text: string) => void): Promise<MonitorPorts | undefined> {
  try {
    return {
      messages: await chooser.choose('monitor', monitor.messages, INSIDE),
      http: await chooser.choose("monitor's health", monitor.http, INSIDE),
    };
  } catch (error) {
    if (!(error instanceof NoFreePortError)) throw error;
    say(`monitor is not started: ${error.message}. ${WITHOUT_MONITOR}`);
    return undefined;
  }
}

/** Gives no port twice, and none that is another one's usual port. */
class PortChooser {
  /** What did not get its usual port, in words. */
  readonly moved: string[] = [];
  readonly #chosen: number[];

  constructor(asked: readonly number[]) {
    this.#chosen = [...asked];
  }

  async choose(name: string, usual: number, address: string): Promise<number> {
    const ofOthers = USUAL_PORTS.filter((other) => other !== usual);
    const port = await nextFreePort(usual, address, new Set([...ofOthers, ...this.#chosen]));
    if (port !== usual) this.moved.push(`${usual} is in use, ${name} takes ${port}`);
    this.#chosen.push(port);
    return port;
  }
}

/**
 * What is known of an endpoint, on the disk, with two owners: deployments are asked for by whoever calls CreateEndpoint or
 * UpdateEndpoint, and what came of each is told by the process that tried it. Both are written once and never changed, so that the
 * state is a matter of which files are there, however many processes look and whichever of them is killed.
 */
import { OperationInput } from '../control-plane/operation';
import { NumberedRecords, StateFolder } from '../state';

/** That an endpoint shall serve a configuration. */
export interface Deployment {
  readonly endpointConfigName: string;
  /** Seconds since 1970. */
  readonly requested: number;
  /** What the caller said beside the names. */
  readonly members: OperationInput;
  /** The model that ships, in service before anything was deployed. Who serves a package folder already keeps to that. */
  readonly isShipped?: true;
}

export interface DeploymentOutcome {
  readonly status: 'InService' | 'Failed';
  readonly time: number;
  /** Of one that is in service: why it is, and not the one before. */
  readonly failureReason?: string;
}

export interface NumberedDeployment extends Deployment {
  readonly number: number;
  /** Absent while it is not decided. */
  readonly outcome?: DeploymentOutcome;
}

export interface EndpointState {
  readonly created: number;
  readonly latest: NumberedDeployment;
  /** The latest one that came up. */
  readonly inService?: NumberedDeployment;
}

/** Of a deployment that has just been tried. */
export function outcomeOf(failureReason: string | undefined): DeploymentOutcome {
  const time = Date.now() / 1000;
  return failureReason === undefined ? { status: 'InService', time } : { status: 'Failed', time, failureReason };
}

const ENDPOINTS = 'endpoints';

export class EndpointRecord {
  readonly #deployments: NumberedRecords<Deployment>;
  readonly #outcomes: NumberedRecords<DeploymentOutcome>;

  constructor(
    private readonly state: StateFolder,
    readonly name: string,
  ) {
    this.#deployments = new NumberedRecords(state, ENDPOINTS, name, 'deployments');
    this.#outcomes = new NumberedRecords(state, ENDPOINTS, name, 'outcomes');
  }

  static names(state: StateFolder): Promise<string[]> {
    return state.list(ENDPOINTS);
  }

  /** Changes whenever somebody asks for a deployment. It may not be there yet. */
  get watchedFolder(): string {
    return this.state.path(ENDPOINTS, this.name, 'deployments');
  }

  /** Undefined when nobody has created the endpoint. */
  async read(): Promise<EndpointState | undefined> {
    const latest = await this.#at((await this.#deployments.numbers()).at(-1));
    const first = await this.#at(1);
    if (latest === undefined || first === undefined) return undefined;
    const [inService] = await this.onceInService(1);
    return { created: first.requested, latest, ...(inService === undefined ? {} : { inService }) };
  }

  /** Deployments that came up, the latest first. */
  async onceInService(limit = Infinity): Promise<NumberedDeployment[]> {
    const found: NumberedDeployment[] = [];
    for (const number of (await this.#outcomes.numbers()).reverse()) {
      if (found.length >= limit) break;
      const deployment = await this.#at(number);
      if (deployment?.outcome?.status === 'InService') found.push(deployment);
    }
    return found;
  }

  /** Asks for a deployment. False when somebody else has taken the number: then the endpoint is being updated. */
  request(number: number, deployment: Deployment): Promise<boolean> {
    return this.#deployments.create(number, deployment);
  }

  /** Tells what came of a deployment. False when somebody else has told: then what they told holds. */
  decide(number: number, outcome: DeploymentOutcome): Promise<boolean> {
    return this.#outcomes.create(number, outcome);
  }

  async #at(number: number | undefined): Promise<NumberedDeployment | undefined> {
    if (number === undefined) return undefined;
    const deployment = await this.#deployments.read(number);
    const outcome = await this.#outcomes.read(number);
    return deployment === undefined
      ? undefined
      : { ...deployment, number, ...(outcome === undefined ? {} : { outcome }) };
  }
}

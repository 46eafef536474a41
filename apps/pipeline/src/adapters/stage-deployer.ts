/**
 * Deployments on a stage, where the function deploy-model follows the registry: what is approved is deployed with the machines,
 * alarms and role of the stage. The command line says yes or no in the registry and watches; it never changes the endpoint itself.
 */
import { deployedVersion, DeployedVersion, DeploymentContext } from '@app/model-deployment';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../command.error';
import { Deployment, EndpointStatus, ModelDeployer } from '../deployment/model-deployer.port';
import { ModelRegistry } from '../models/model-registry.port';
import { ModelVersion } from '../models/model-version';
import { CalledService, explained } from './sagemaker-problems';
import { inWords, statusOf } from './sagemaker-deployer';

/** An event takes seconds, and the endpoint may first have to end something else. */
const LONGEST_UNTIL_BEGUN_MS = 5 * 60_000;
const RUNBOOK = 'docs/operations.md#model-deployment-rolled-back';

export class StageDeployer implements ModelDeployer {
  constructor(
    private readonly context: DeploymentContext & { readonly pollIntervalMs: number },
    private readonly service: CalledService,
    private readonly registry: ModelRegistry,
    private readonly stage: string,
    private readonly longestUntilBegunMs = LONGEST_UNTIL_BEGUN_MS,
  ) {}

  async status(): Promise<EndpointStatus | undefined> {
    const deployed = await this.#look();
    return deployed === undefined ? undefined : statusOf(deployed, true);
  }

  async deploy({ number }: ModelVersion, onProgress: (sentence: string) => void): Promise<Deployment> {
    const [newest] = await this.#approved();
    if (newest !== undefined && newest.number > number) {
      throw new CommandError(
        `On stage ${this.stage} the newest version that is approved is deployed, and that is version ${newest.number}. ` +
          `Version ${number} is deployed when the newer ones are rejected: \`rollback\` rejects what serves.`,
      );
    }
    onProgress(`Version ${number} is approved: deploy-model of stage ${this.stage} deploys it`);
    return this.#follow(number, onProgress);
  }

  async rollback(onProgress: (sentence: string) => void): Promise<Deployment> {
    const deployed = await this.#look();
    if (deployed?.serving === undefined)
      throw new CommandError('No version of the registry serves: there is nothing to leave.');
    if (deployed.pending !== undefined) {
      throw new CommandError(`The endpoint is ${inWords(deployed.status)}. Try again when that is done.`);
    }
    const { number } = deployed.serving;
    const target = (await this.#approved()).find((version) => version.number !== number);
    if (target === undefined) {
      throw new CommandError(`No other version than ${number} is approved. \`approve V\` one, then roll back.`);
    }
    const left = await this.registry.find(number);
    if (left === undefined) throw new CommandError(`Version ${number} is no longer in the registry.`);
    const note = `rolled back from the endpoint ${this.context.settings.endpointName}`;
    await this.registry.review(left, { approval: 'rejected', reviewer: 'rollback', note });
    onProgress(`Version ${number} is rejected now: deploy-model goes back to version ${target.number}`);
    return this.#follow(target.number, onProgress);
  }

  async #follow(version: number, onProgress: (sentence: string) => void): Promise<Deployment> {
    const begun = Date.now();
    let wasOnItsWay = false;
    let told = '';
    for (;;) {
      const deployed = await this.#look();
      const { serving, pending, status } = deployed ?? {};
      if (pending === undefined && serving?.number === version) return { version, isServed: true };
      const sentence = status === undefined ? 'There is no endpoint yet' : `The endpoint is ${inWords(status)}`;
      if (sentence !== told) onProgress(sentence);
      told = sentence;
      if (pending?.number === version) wasOnItsWay = true;
      else if (wasOnItsWay) {
        throw new CommandError(
          `Version ${version} did not come up${serving === undefined ? '' : `, and version ${serving.number} goes on serving`}. What to do: ${RUNBOOK}`,
        );
      } else if (pending === undefined && Date.now() - begun > this.longestUntilBegunMs) {
        throw new CommandError(
          `deploy-model has not begun with version ${version}. Its log says why; what to do: docs/operations.md#model-deployment-refused`,
        );
      }
      await sleep(this.context.pollIntervalMs);
    }
  }

  async #approved() {
    return (await this.registry.list()).filter(({ approval }) => approval === 'approved');
  }

  #look(): Promise<DeployedVersion | undefined> {
    return explained(this.service, deployedVersion(this.context));
  }
}

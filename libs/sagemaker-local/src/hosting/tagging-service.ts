/** Tags of everything that has an ARN here. */
import { resourceOf } from '../control-plane/arn';
import { isText, NAME, requiredList, requiredText } from '../control-plane/input-members';
import { ControlPlaneService, OperationInput, Operations, SageMakerFault } from '../control-plane/operation';
import { isTag, Tags } from '../control-plane/tags';
import { ModelPackages } from '../registry/model-packages';
import { StateFolder } from '../state';
import { EndpointRecord } from './endpoint-record';
import { HostedModels } from './hosted-models';

/** The limit of AWS for a resource. */
const MAX_TAGS = 50;

export class TaggingService implements ControlPlaneService {
  readonly operations: Operations = {
    AddTags: (input) => this.#add(input),
    ListTags: (input) => this.#list(input),
    DeleteTags: (input) => this.#delete(input),
  };
  readonly #tags: Tags;
  readonly #hosted: HostedModels;
  readonly #packages: ModelPackages;

  constructor(private readonly state: StateFolder) {
    this.#tags = new Tags(state);
    this.#hosted = new HostedModels(state);
    this.#packages = new ModelPackages(state);
  }

  stop(): Promise<void> {
    return Promise.resolve(); // nothing outlives an operation
  }

  async #add(input: OperationInput): Promise<object> {
    const arn = await this.#requireResource(input);
    const tags = requiredList(input, 'Tags', isTag);
    const keys = new Set([...(await this.#tags.list(arn)), ...tags].map(({ Key }) => Key));
    if (keys.size > MAX_TAGS) {
      throw new SageMakerFault('ResourceLimitExceeded', `A resource has ${MAX_TAGS} tags at most.`);
    }
    await this.#tags.add(arn, tags);
    return { Tags: await this.#tags.list(arn) };
  }

  /** All of them: there are too few for a second page. */
  async #list(input: OperationInput): Promise<object> {
    return { Tags: await this.#tags.list(await this.#requireResource(input)) };
  }

  async #delete(input: OperationInput): Promise<object> {
    await this.#tags.remove(await this.#requireResource(input), requiredList(input, 'TagKeys', isText));
    return {};
  }

  async #requireResource(input: OperationInput): Promise<string> {
    const arn = requiredText(input, 'ResourceArn');
    if ((await this.#find(arn)) !== undefined) return arn;
    throw new SageMakerFault('ValidationException', `Could not find resource "${arn}".`);
  }

  #find(arn: string): Promise<object | undefined> {
    const { type, id } = resourceOf(arn) ?? {};
    if (type === 'model-package') return this.#packages.find(arn);
    if (id === undefined || !NAME.expression.test(id)) return Promise.resolve(undefined);
    if (type === 'model-package-group') return this.#packages.group(id);
    if (type === 'endpoint') return new EndpointRecord(this.state, id).read();
    if (type === 'endpoint-config') return this.#hosted.find('endpoint-configs', id);
    return type === 'model' ? this.#hosted.find('models', id) : Promise.resolve(undefined);
  }
}

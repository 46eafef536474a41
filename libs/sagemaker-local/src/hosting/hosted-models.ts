/** Models and endpoint configurations on the disk, and what a configuration means for a container. */
import { isObject, isText, optionalObject, optionalTextMap } from '../control-plane/input-members';
import { OperationInput } from '../control-plane/operation';
import { ModelPackages } from '../registry/model-packages';
import { StateFolder } from '../state';
import { ModelData, ModelDataError } from './model-data';

/** A model or an endpoint configuration: never changed after it was made. */
export interface HostingRecord {
  readonly name: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Of the operation that made it. */
  readonly members: OperationInput;
}

export type HostingKind = 'models' | 'endpoint-configs';

/** What a container is started with. */
export interface ContainerModel {
  readonly packageDir: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where the container of a model comes from. */
export interface ContainerSource {
  readonly modelDataUrl?: string;
  readonly image?: string;
  readonly environment: Readonly<Record<string, string>>;
}

export class HostedModels {
  readonly #packages: ModelPackages;
  readonly #data: ModelData;

  constructor(private readonly state: StateFolder) {
    this.#packages = new ModelPackages(state);
    this.#data = new ModelData(state);
  }

  find(kind: HostingKind, name: string): Promise<HostingRecord | undefined> {
    return this.state.read<HostingRecord>(kind, `${name}.json`);
  }

  /** False when the name is taken. */
  create(kind: HostingKind, record: HostingRecord): Promise<boolean> {
    return this.state.create(record, kind, `${record.name}.json`);
  }

  async all(kind: HostingKind): Promise<HostingRecord[]> {
    const names = await this.state.list(kind);
    const records = await Promise.all(names.map((name) => this.state.read<HostingRecord>(kind, name)));
    return records.filter((record) => record !== undefined);
  }

  /** The only production variant of a configuration. */
  async variantOf(endpointConfigName: string): Promise<OperationInput> {
    const config = await this.find('endpoint-configs', endpointConfigName);
    const variants = config?.members['ProductionVariants'];
    const variant: unknown = Array.isArray(variants) ? variants[0] : undefined;
    if (isObject(variant)) return variant;
    throw new ModelDataError(`The endpoint configuration ${endpointConfigName} is not there any more.`);
  }

  /** Of the model package when the container names one; its own variables are over those of the package. */
  async sourceOf(container: OperationInput): Promise<ContainerSource> {
    const packageName = container['ModelPackageName'];
    const modelPackage = isText(packageName) ? await this.#packages.find(packageName) : undefined;
    const specification = modelPackage?.members['InferenceSpecification'];
    const containers = isObject(specification) ? specification['Containers'] : undefined;
    const packaged: unknown = Array.isArray(containers) ? containers[0] : undefined;
    const source = isObject(packaged) ? packaged : container;
    const { ModelDataUrl: modelDataUrl, Image: image } = source;
    return {
      ...(isText(modelDataUrl) ? { modelDataUrl } : {}),
      ...(isText(image) ? { image } : {}),
      environment: { ...optionalTextMap(source, 'Environment'), ...optionalTextMap(container, 'Environment') },
    };
  }

  /** The container of a model: the one that there is. */
  async containerOf(modelName: string): Promise<OperationInput> {
    const model = await this.find('models', modelName);
    if (model === undefined) throw new ModelDataError(`The model ${modelName} is not there any more.`);
    return containerIn(model.members);
  }

  /** Unpacks what a configuration wants to be served. Throws a `ModelDataError` when it cannot be. */
  async prepare(endpointConfigName: string): Promise<ContainerModel> {
    const { ModelName: modelName } = await this.variantOf(endpointConfigName);
    const { modelDataUrl, environment } = await this.sourceOf(await this.containerOf(String(modelName)));
    if (modelDataUrl === undefined) throw new ModelDataError(`The model ${String(modelName)} has no model data.`);
    return { packageDir: await this.#data.unpack(modelDataUrl), environment };
  }
}

/** Of the members of CreateModel. */
export function containerIn(members: OperationInput): OperationInput {
  const primary = optionalObject(members, 'PrimaryContainer');
  const containers = members['Containers'];
  const first: unknown = Array.isArray(containers) ? containers[0] : undefined;
  return primary ?? (isObject(first) ? first : {});
}

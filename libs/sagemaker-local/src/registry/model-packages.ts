/** The registry on the disk: groups of model packages, and their versions with what was changed of them since. */
import { arnOf, idOf } from '../control-plane/arn';
import { OperationInput } from '../control-plane/operation';
import { NumberedRecords, StateFolder } from '../state';

export type ApprovalStatus = 'Approved' | 'Rejected' | 'PendingManualApproval';
export const APPROVAL_STATUSES: readonly ApprovalStatus[] = ['Approved', 'Rejected', 'PendingManualApproval'];

export interface ModelPackageGroup {
  readonly name: string;
  /** Seconds since 1970, like all times here. */
  readonly created: number;
  readonly description?: string;
}

/** As it was registered; never changed. */
export interface Registration {
  readonly created: number;
  readonly approvalStatus: ApprovalStatus;
  readonly metadata: Readonly<Record<string, string>>;
  /** A request with the same one is the same request. */
  readonly clientToken?: string;
  /** Of CreateModelPackage, as they came. */
  readonly members: OperationInput;
}

/** One UpdateModelPackage. */
export interface ModelPackageChange {
  readonly time: number;
  readonly approvalStatus?: ApprovalStatus;
  readonly approvalDescription?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly metadataToRemove?: readonly string[];
}

export interface ModelPackage extends Registration {
  readonly group: string;
  readonly version: number;
  readonly arn: string;
  readonly modified?: number;
  readonly approvalDescription?: string;
}

const GROUPS = 'model-package-groups';
const ID = /^([a-zA-Z0-9][a-zA-Z0-9-]{0,62})\/([1-9]\d{0,4})$/;

export class ModelPackages {
  constructor(private readonly state: StateFolder) {}

  async groups(): Promise<ModelPackageGroup[]> {
    const names = await this.state.list(GROUPS);
    return (await Promise.all(names.map((name) => this.group(name)))).filter((group) => group !== undefined);
  }

  group(name: string): Promise<ModelPackageGroup | undefined> {
    return this.state.read<ModelPackageGroup>(GROUPS, name, 'group.json');
  }

  /** False when the name is taken. */
  createGroup(group: ModelPackageGroup): Promise<boolean> {
    return this.state.create(group, GROUPS, group.name, 'group.json');
  }

  /** Gives the version; the one that is there already when a request comes for the second time. */
  register(group: string, registration: Omit<Registration, 'created'>): Promise<number> {
    const { clientToken } = registration;
    return this.#versions(group).append(
      () => ({ created: Date.now() / 1000, ...registration }),
      (earlier) => clientToken !== undefined && earlier.clientToken === clientToken,
    );
  }

  /** In the order of their versions. */
  async versions(group: string): Promise<ModelPackage[]> {
    const registrations = await this.#versions(group).all();
    return Promise.all(registrations.map(({ number, record }) => this.#withChanges(group, number, record)));
  }

  /** By ARN, or `group/version`. */
  async find(nameOrArn: string): Promise<ModelPackage | undefined> {
    const [, group, version] = ID.exec(idOf('model-package', nameOrArn)) ?? [];
    if (group === undefined) return undefined;
    const registration = await this.#versions(group).read(Number(version));
    return registration === undefined ? undefined : this.#withChanges(group, Number(version), registration);
  }

  async change({ group, version }: ModelPackage, change: Omit<ModelPackageChange, 'time'>): Promise<void> {
    await this.#changes(group, version).append(() => ({ time: Date.now() / 1000, ...change }));
  }

  #versions(group: string): NumberedRecords<Registration> {
    return new NumberedRecords(this.state, GROUPS, group, 'versions');
  }

  #changes(group: string, version: number): NumberedRecords<ModelPackageChange> {
    return new NumberedRecords(this.state, GROUPS, group, 'changes', String(version));
  }

  async #withChanges(group: string, version: number, registration: Registration): Promise<ModelPackage> {
    const first: ModelPackage = {
      ...registration,
      group,
      version,
      arn: arnOf('model-package', `${group}/${version}`),
    };
    const changes = await this.#changes(group, version).all();
    return changes.reduce((modelPackage, { record }) => withChange(modelPackage, record), first);
  }
}

function withChange(
  modelPackage: ModelPackage,
  { time, metadata, metadataToRemove, ...rest }: ModelPackageChange,
): ModelPackage {
  const kept = Object.entries({ ...modelPackage.metadata, ...metadata }).filter(
    ([key]) => metadataToRemove?.includes(key) !== true,
  );
  return { ...modelPackage, ...rest, metadata: Object.fromEntries(kept), modified: time };
}

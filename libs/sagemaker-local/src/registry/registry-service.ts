/** The model registry's operations. A version exists whole or not at all, and a request that is repeated registers nothing twice. */
import { arnOf, idOf } from '../control-plane/arn';
import {
  isText,
  membersOf,
  NAME,
  optionalChoice,
  optionalList,
  optionalText,
  optionalTextMap,
  requiredObject,
  requiredText,
} from '../control-plane/input-members';
import { pageOf } from '../control-plane/listing';
import { ControlPlaneService, OperationInput, Operations, SageMakerFault } from '../control-plane/operation';
import { Tags, tagsIn } from '../control-plane/tags';
import { StateFolder } from '../state';
import { APPROVAL_STATUSES, ModelPackage, ModelPackageGroup, ModelPackages } from './model-packages';

/** Members of CreateModelPackage that DescribeModelPackage gives back as they came. */
const KEPT_MEMBERS = [
  'ModelPackageDescription',
  'InferenceSpecification',
  'SourceAlgorithmSpecification',
  'ValidationSpecification',
  'MetadataProperties',
  'ModelMetrics',
  'Domain',
  'Task',
  'SamplePayloadUrl',
  'DriftCheckBaselines',
  'AdditionalInferenceSpecifications',
  'SkipModelValidation',
  'SourceUri',
];

export class RegistryService implements ControlPlaneService {
  readonly operations: Operations = {
    CreateModelPackageGroup: (input) => this.#createGroup(input),
    DescribeModelPackageGroup: async (input) => describeGroup(await this.#requireGroup(input)),
    ListModelPackageGroups: (input) => this.#listGroups(input),
    CreateModelPackage: (input) => this.#createPackage(input),
    DescribeModelPackage: async (input) => describePackage(await this.#requirePackage(input, 'ModelPackageName')),
    ListModelPackages: (input) => this.#listPackages(input),
    UpdateModelPackage: (input) => this.#updatePackage(input),
  };
  readonly #packages: ModelPackages;
  readonly #tags: Tags;

  constructor(state: StateFolder) {
    this.#packages = new ModelPackages(state);
    this.#tags = new Tags(state);
  }

  stop(): Promise<void> {
    return Promise.resolve(); // nothing outlives an operation
  }

  async #createGroup(input: OperationInput): Promise<object> {
    const name = requiredText(input, 'ModelPackageGroupName', NAME);
    const description = optionalText(input, 'ModelPackageGroupDescription');
    const arn = arnOf('model-package-group', name);
    const tags = tagsIn(input);
    const group = { name, created: Date.now() / 1000, ...(description === undefined ? {} : { description }) };
    if (!(await this.#packages.createGroup(group))) {
      throw new SageMakerFault('ValidationException', `Model Package Group already exists: ${arn}`);
    }
    await this.#tags.add(arn, tags);
    return { ModelPackageGroupArn: arn };
  }

  async #listGroups(input: OperationInput): Promise<object> {
    const { items, rest } = pageOf(await this.#packages.groups(), input, {
      nameOf: ({ name }) => name,
      createdOf: ({ created }) => created,
      defaultOrder: 'Ascending',
    });
    return { ModelPackageGroupSummaryList: items.map(summaryOfGroup), ...rest };
  }

  async #createPackage(input: OperationInput): Promise<object> {
    if (input['ModelPackageName'] != null) {
      throw new SageMakerFault(
        'ValidationException',
        'ModelPackageName: only versioned model packages are kept on this machine; name their group in ModelPackageGroupName.',
      );
    }
    const { name } = await this.#requireGroup(input);
    requiredObject(input, 'InferenceSpecification');
    const clientToken = optionalText(input, 'ClientToken');
    const tags = tagsIn(input);
    const version = await this.#packages.register(name, {
      approvalStatus: optionalChoice(input, 'ModelApprovalStatus', APPROVAL_STATUSES) ?? 'PendingManualApproval',
      metadata: optionalTextMap(input, 'CustomerMetadataProperties') ?? {},
      ...(clientToken === undefined ? {} : { clientToken }),
      members: membersOf(input, KEPT_MEMBERS),
    });
    const arn = arnOf('model-package', `${name}/${version}`);
    await this.#tags.add(arn, tags);
    return { ModelPackageArn: arn };
  }

  async #listPackages(input: OperationInput): Promise<object> {
    const status = optionalChoice(input, 'ModelApprovalStatus', APPROVAL_STATUSES);
    const packages = await Promise.all(
      (await this.#groupsToList(input)).map(({ name }) => this.#packages.versions(name)),
    ).then((versions) => versions.flat());
    const wanted = packages.filter(({ approvalStatus }) => status === undefined || approvalStatus === status);
    const { items, rest } = pageOf(wanted, input, {
      nameOf: ({ arn }) => arn,
      createdOf: ({ created }) => created,
      defaultOrder: 'Ascending',
    });
    return { ModelPackageSummaryList: items.map(summaryOfPackage), ...rest };
  }

  /** Without a group the service lists what belongs to none, of which there is nothing here, unless it is told otherwise. */
  async #groupsToList(input: OperationInput): Promise<ModelPackageGroup[]> {
    if (input['ModelPackageGroupName'] != null) return [await this.#requireGroup(input)];
    const type = optionalChoice(input, 'ModelPackageType', ['Versioned', 'Unversioned', 'Both']);
    return type === 'Versioned' || type === 'Both' ? this.#packages.groups() : [];
  }

  async #updatePackage(input: OperationInput): Promise<object> {
    const modelPackage = await this.#requirePackage(input, 'ModelPackageArn');
    const approvalStatus = optionalChoice(input, 'ModelApprovalStatus', APPROVAL_STATUSES);
    const approvalDescription = optionalText(input, 'ApprovalDescription');
    const metadata = optionalTextMap(input, 'CustomerMetadataProperties');
    const metadataToRemove = optionalList(input, 'CustomerMetadataPropertiesToRemove', isText);
    await this.#packages.change(modelPackage, {
      ...(approvalStatus === undefined ? {} : { approvalStatus }),
      ...(approvalDescription === undefined ? {} : { approvalDescription }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(metadataToRemove === undefined ? {} : { metadataToRemove }),
    });
    return { ModelPackageArn: modelPackage.arn };
  }

  async #requireGroup(input: OperationInput): Promise<ModelPackageGroup> {
    const name = idOf('model-package-group', requiredText(input, 'ModelPackageGroupName'));
    const group = NAME.expression.test(name) ? await this.#packages.group(name) : undefined;
    if (group !== undefined) return group;
    throw new SageMakerFault(
      'ValidationException',
      `ModelPackageGroup ${arnOf('model-package-group', name)} does not exist.`,
    );
  }

  async #requirePackage(input: OperationInput, member: string): Promise<ModelPackage> {
    const nameOrArn = requiredText(input, member);
    const modelPackage = await this.#packages.find(nameOrArn);
    if (modelPackage !== undefined) return modelPackage;
    const arn = arnOf('model-package', idOf('model-package', nameOrArn));
    throw new SageMakerFault('ValidationException', `ModelPackage ${arn} does not exist.`);
  }
}

function summaryOfGroup({ name, created, description }: ModelPackageGroup): object {
  return {
    ModelPackageGroupName: name,
    ModelPackageGroupArn: arnOf('model-package-group', name),
    ModelPackageGroupDescription: description,
    CreationTime: created,
    ModelPackageGroupStatus: 'Completed',
  };
}

function describeGroup(group: ModelPackageGroup): object {
  return { ...summaryOfGroup(group), CreatedBy: {} };
}

function summaryOfPackage({ group, version, arn, created, approvalStatus, members }: ModelPackage): object {
  return {
    ModelPackageGroupName: group,
    ModelPackageVersion: version,
    ModelPackageArn: arn,
    ...membersOf(members, ['ModelPackageDescription']),
    CreationTime: created,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: approvalStatus,
  };
}

function describePackage(modelPackage: ModelPackage): object {
  const { group, members, metadata, modified, approvalDescription } = modelPackage;
  return {
    ...summaryOfPackage(modelPackage),
    ...members,
    ModelPackageName: group,
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: false,
    CustomerMetadataProperties: metadata,
    LastModifiedTime: modified,
    ApprovalDescription: approvalDescription,
    CreatedBy: {},
  };
}

/** A change of one resource, out of what CloudFormation says about it. Pure. */
import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';

export type ChangeKind = 'add' | 'change' | 'replace' | 'may-replace' | 'remove';

export interface ChangedProperty {
  readonly name: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

export interface PlannedChange {
  readonly kind: ChangeKind;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string | undefined;
  readonly properties: readonly ChangedProperty[];
  /** It leaves the stack, and stays in the account. */
  readonly isRetained: boolean;
}

export function plannedChange(change: ResourceChange): PlannedChange {
  return {
    kind: kindOf(change),
    logicalId: change.LogicalResourceId ?? '',
    type: change.ResourceType ?? '',
    physicalId: change.PhysicalResourceId,
    properties: propertiesOf(change.Details ?? []),
    isRetained: change.PolicyAction === 'Retain' || change.PolicyAction === 'ReplaceAndRetain',
  };
}

function kindOf({ Action, Replacement }: ResourceChange): ChangeKind {
  if (Action === 'Add' || Action === 'Import') return 'add';
  if (Action === 'Remove') return 'remove';
  if (Replacement === 'True') return 'replace';
  // Dynamic: CloudFormation cannot say before it has done it.
  return Replacement === 'Conditional' || Action === 'Dynamic' ? 'may-replace' : 'change';
}

function propertiesOf(details: readonly ResourceChangeDetail[]): ChangedProperty[] {
  const byName = new Map<string, ChangedProperty>();
  for (const detail of details) {
    const name = detail.Target?.Name ?? detail.Target?.Attribute ?? '';
    const known = byName.get(name);
    byName.set(name, {
      name,
      before: known?.before ?? detail.Target?.BeforeValue,
      after: known?.after ?? detail.Target?.AfterValue,
    });
  }
  return [...byName.values()].filter(({ name }) => name !== '');
}

/**
 * Events of SageMaker as EventBridge sends them, as far as the function reads them (Amazon SageMaker developer guide,
 * "Events that Amazon SageMaker sends to Amazon EventBridge"). There may be several for one change. Statuses of
 * endpoints are written `IN_SERVICE` there, so it is SageMaker that is asked, not the event.
 */
export type SageMakerEvent =
  | {
      readonly kind: 'model-package';
      readonly group: string;
      readonly modelPackageArn: string;
      readonly approval: string;
    }
  | { readonly kind: 'endpoint'; readonly endpointName: string };

/** Undefined for what is no event of these kinds. */
export function readSageMakerEvent(event: unknown): SageMakerEvent | undefined {
  const detail = memberOf(event, 'detail');
  const text = (name: string): string | undefined => {
    const value = memberOf(detail, name);
    return typeof value === 'string' ? value : undefined;
  };
  switch (memberOf(event, 'detail-type')) {
    case 'SageMaker Model Package State Change': {
      const [group, modelPackageArn, approval] = [
        text('ModelPackageGroupName'),
        text('ModelPackageArn'),
        text('ModelApprovalStatus'),
      ];
      if (group === undefined || modelPackageArn === undefined || approval === undefined) return undefined;
      return { kind: 'model-package', group, modelPackageArn, approval };
    }
    case 'SageMaker Endpoint State Change': {
      const endpointName = text('EndpointName');
      return endpointName === undefined ? undefined : { kind: 'endpoint', endpointName };
    }
    default:
      return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

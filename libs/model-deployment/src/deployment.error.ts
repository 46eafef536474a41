export type DeploymentErrorCode =
  | 'model-package-not-found'
  | 'model-package-not-usable'
  | 'not-approved'
  | 'endpoint-not-found'
  | 'endpoint-busy'
  | 'endpoint-kind'
  | 'name-taken'
  | 'nothing-to-roll-back-to';

/** A deployment that cannot be done as it was asked for. The message says what to do. */
export class DeploymentError extends Error {
  constructor(
    readonly code: DeploymentErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The endpoint is on its way to something else. The only one of these errors that goes away with time. */
export class EndpointBusyError extends DeploymentError {
  constructor(endpointName: string, doing: string, options?: ErrorOptions) {
    super('endpoint-busy', `The endpoint ${endpointName} is ${doing}. Try again when that is done.`, options);
  }
}

export class EndpointNotFoundError extends DeploymentError {
  constructor(endpointName: string) {
    super('endpoint-not-found', `There is no endpoint ${endpointName}: deploy a version first.`);
  }
}

export class ModelPackageNotFoundError extends DeploymentError {
  constructor(modelPackageArn: string, options?: ErrorOptions) {
    super('model-package-not-found', `There is no model package ${modelPackageArn}: it was deleted.`, options);
  }
}

export class NothingToRollBackToError extends DeploymentError {
  constructor(endpointName: string, why: string) {
    super('nothing-to-roll-back-to', `The endpoint ${endpointName} cannot be rolled back: ${why}`);
  }
}

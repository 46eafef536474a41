/** What an operation of SageMaker's control plane is here, and the errors that it can give, as they are on the wire. */

/** Members as in the service model; they were parsed from JSON and nobody has looked at them yet. */
export type OperationInput = Readonly<Record<string, unknown>>;
export type Operation = (input: OperationInput) => Promise<object>;
/** By the name of the operation: `CreateModelPackage`. */
export type Operations = Readonly<Record<string, Operation>>;

/** The types that the service model declares, beside the one for input that is wrong. */
export type SageMakerFaultType =
  | 'ValidationException'
  | 'ResourceNotFound'
  | 'ResourceInUse'
  | 'ResourceLimitExceeded'
  | 'ConflictException'
  | 'InternalFailure'
  | 'UnknownOperationException';

export class SageMakerFault extends Error {
  constructor(
    readonly type: SageMakerFaultType,
    message: string,
  ) {
    super(message);
    this.name = 'SageMakerFault';
  }

  get status(): number {
    return this.type === 'InternalFailure' ? 500 : 400;
  }
}

/** Some operations that belong together, and what runs on their behalf. */
export interface ControlPlaneService {
  readonly operations: Operations;
  /** Ends what runs; what it was doing can be taken up again by the next process. */
  stop(): Promise<void>;
}

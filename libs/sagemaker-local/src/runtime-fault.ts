/**
 * The errors of the SageMaker Runtime, as they are on the wire: status, type in `x-amzn-errortype`, JSON body. Texts that
 * the documentation does not give were taken from what people saw, with the place where they reported it.
 */
import { MAX_INVOCATION_BYTES } from '@app/contracts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './control-plane/arn';

/** The name that SageMaker gives to the container of a model that has one. */
const CONTAINER_NAME = 'primary';
/** Ours, so that an error page does not fill logs; the real limit is not documented. */
const MAX_ORIGINAL_MESSAGE_CHARACTERS = 4096;

export class RuntimeFault extends Error {
  private constructor(
    readonly status: number,
    /** Absent where the front of the service answers and not the service itself. */
    readonly type: string | undefined,
    message: string,
    private readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'RuntimeFault';
  }

  /** Whether the caller, and nobody here, has to change something. */
  get isCallersFault(): boolean {
    const status = this.members['OriginalStatusCode'] ?? this.status;
    return typeof status === 'number' && status >= 400 && status < 500;
  }

  get body(): string {
    return JSON.stringify(
      this.type === undefined ? { message: this.message } : { Message: this.message, ...this.members },
    );
  }

  static endpointNotFound(name: string): RuntimeFault {
    // aws/amazon-sagemaker-examples#293
    return new RuntimeFault(400, 'ValidationError', `Endpoint ${name} of account ${LOCAL_ACCOUNT} not found.`);
  }

  static variantNotFound(variant: string, endpoint: string): RuntimeFault {
    return new RuntimeFault(400, 'ValidationError', `Variant ${variant} of endpoint ${endpoint} not found.`);
  }

  /** `constraint` as AWS words it, for example `Member must have length less than or equal to 1024`. */
  static invalidMember(member: string, constraint: string): RuntimeFault {
    return new RuntimeFault(
      400,
      'ValidationError',
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`,
    );
  }

  /** Answered in front of the service, without a type: aws/sagemaker-python-sdk#171 saw `An error occurred (413)`. */
  static bodyTooLarge(): RuntimeFault {
    return new RuntimeFault(413, undefined, `HTTP content length exceeded ${MAX_INVOCATION_BYTES} bytes.`);
  }

  static unknownOperation(): RuntimeFault {
    return new RuntimeFault(
      404,
      'UnknownOperationException',
      'Only POST /endpoints/{name}/invocations is served here.',
    );
  }

  /** The container answered with something other than success. */
  static containerAnswered(endpoint: string, status: number, text: string): RuntimeFault {
    const message = text.slice(0, MAX_ORIGINAL_MESSAGE_CHARACTERS);
    return RuntimeFault.modelError(endpoint, status, `with message "${message}".`, message);
  }

  /** aws/amazon-sagemaker-examples#799 and #1407 */
  static containerTimedOut(endpoint: string): RuntimeFault {
    const message =
      `Your invocation timed out while waiting for a response from container ${CONTAINER_NAME}. Review the latency ` +
      'metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';
    return RuntimeFault.modelError(endpoint, 0, `with message "${message}".`, message);
  }

  /** The container left, or spoke no HTTP, while it had the request: aws/amazon-sagemaker-examples#2815. */
  static containerLost(endpoint: string): RuntimeFault {
    const message = `Amazon SageMaker could not get a response from the ${endpoint} endpoint.`;
    return RuntimeFault.modelError(endpoint, 0, `with message "${message}".`, message);
  }

  /** awslabs/realtime-fraud-detection-with-gnn-on-dgl#1331 */
  static containerAnswerTooLarge(endpoint: string, status: number): RuntimeFault {
    return RuntimeFault.modelError(endpoint, status, 'and could not load the entire response body.', '');
  }

  /** No container is there that could take the request. */
  static serviceUnavailable(): RuntimeFault {
    return new RuntimeFault(503, 'ServiceUnavailable', 'The service is unavailable. Try your call again.');
  }

  static internalFailure(): RuntimeFault {
    return new RuntimeFault(500, 'InternalFailure', 'An internal failure occurred.');
  }

  private static modelError(endpoint: string, status: number, rest: string, originalMessage: string): RuntimeFault {
    const logGroup = `/aws/sagemaker/Endpoints/${endpoint}`;
    const isClientError = status >= 400 && status < 500;
    const kind = isClientError ? 'client' : 'server';
    return new RuntimeFault(
      424,
      'ModelError',
      `Received ${kind} error (${status}) from ${CONTAINER_NAME} ${rest} ` +
        `See log group ${logGroup} in account ${LOCAL_ACCOUNT} for more information.`,
      {
        ErrorCode: isClientError ? 'CLIENT_ERROR_FROM_MODEL' : 'SERVER_ERROR_FROM_MODEL',
        LogStreamArn: `arn:aws:logs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:log-group:${logGroup}`,
        OriginalMessage: originalMessage,
        OriginalStatusCode: status,
      },
    );
  }
}

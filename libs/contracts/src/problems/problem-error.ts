import { ParameterFault } from './parameter-fault';
import {
  ENGLISH_PROBLEM_TEXTS,
  isProblemCode,
  PROBLEM_CATALOGUE,
  ProblemCode,
  ProblemParameters,
  ProblemTexts,
} from './problem-catalogue';

/** A problem as RFC 9457 writes it, with our members: the stable code, the request's id, and the problem's own values. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId?: string;
  readonly [member: string]: unknown;
}

/** A refusal with a stable code. It is thrown where the fault is known; one filter turns it into a reply. */
export class ProblemError<C extends ProblemCode = ProblemCode> extends Error {
  readonly status: number;

  constructor(
    readonly code: C,
    readonly parameters: ProblemParameters<C>,
    options?: { cause?: unknown },
  ) {
    super(describe(code, parameters, ENGLISH_PROBLEM_TEXTS), options);
    this.name = 'ProblemError';
    this.status = PROBLEM_CATALOGUE[code].status;
  }

  /** Seconds a client should wait before it tries again, for the problems that say so. */
  get retryAfterSeconds(): number | undefined {
    const value = (this.parameters as Record<string, unknown>)['retryAfterSeconds'];
    return typeof value === 'number' ? value : undefined;
  }

  /** Title and sentence in the language of the texts. */
  describe(texts: ProblemTexts): { readonly title: string; readonly detail: string } {
    return { title: texts.problems[this.code].title, detail: describe(this.code, this.parameters, texts) };
  }

  /** The document in English, or in the language of the texts. Type, code and the problem's values are the same in all. */
  toDocument(requestId?: string, texts: ProblemTexts = ENGLISH_PROBLEM_TEXTS): ProblemDocument {
    return {
      type: `/problems/${this.code}`,
      ...this.describe(texts),
      status: this.status,
      code: this.code,
      ...(requestId === undefined ? {} : { requestId }),
      ...this.members(texts),
    };
  }

  private members(texts: ProblemTexts): Record<string, unknown> {
    const { errors, ...others } = this.parameters as { errors?: readonly ParameterFault[] };
    if (errors === undefined) return others;
    return { ...others, errors: errors.map((fault) => ({ ...fault, message: texts.parameterFault(fault) })) };
  }

  /**
   * Reads a document that another tier wrote, which may be of another version and know more problems. Gives nothing for what is no
   * problem of ours.
   */
  static fromDocument(document: unknown): ProblemError | undefined {
    if (typeof document !== 'object' || document === null || !('code' in document)) return undefined;
    const { type, title, status, detail, code, requestId, ...parameters } = document as Record<string, unknown>;
    try {
      if (isProblemCode(code)) return new ProblemError(code, parameters as ProblemParameters<ProblemCode>);
    } catch {
      // its values do not fit its code: written by another version
    }
    return isReadable(document) ? new ForeignProblemError(document) : undefined;
  }
}

/** A problem of another version of us: what it says is passed on as it is, and treated like what this version has for its status. */
class ForeignProblemError extends ProblemError {
  override readonly status: number;

  constructor(private readonly document: ProblemDocument) {
    const { status, detail } = document;
    super(status < 500 ? 'malformed-request' : 'service-unavailable', parametersOf(document));
    this.message = detail;
    this.status = status;
  }

  /** As its writer put it, in the language that its writer chose. */
  override describe(): { readonly title: string; readonly detail: string } {
    return { title: this.document.title, detail: this.document.detail };
  }

  override toDocument(requestId?: string): ProblemDocument {
    const { requestId: _, ...document } = this.document;
    return { ...document, ...(requestId === undefined ? {} : { requestId }) };
  }
}

/** What both of the codes above are described by. */
function parametersOf({ detail, retryAfterSeconds }: ProblemDocument): ProblemParameters<ProblemCode> {
  return { reason: detail, retryAfterSeconds } as unknown as ProblemParameters<ProblemCode>;
}

/** Whether it is written as `toDocument` does, so that other services' problems are not taken for ours. */
function isReadable(document: object): document is ProblemDocument {
  const { type, title, status, detail, code } = document as Record<string, unknown>;
  return (
    typeof code === 'string' &&
    /^[a-z][a-z-]{0,63}$/.test(code) &&
    type === `/problems/${code}` &&
    typeof title === 'string' &&
    typeof detail === 'string' &&
    Number.isInteger(status) &&
    Number(status) >= 400 &&
    Number(status) <= 599
  );
}

function describe<C extends ProblemCode>(code: C, parameters: ProblemParameters<C>, texts: ProblemTexts): string {
  return texts.problems[code].detail(parameters);
}

/** Tells a problem from other errors; `instanceof` alone would leave its code open. */
export function isProblem(error: unknown): error is ProblemError {
  return error instanceof ProblemError;
}

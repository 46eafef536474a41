/** What verify-deployment asks of probe-targets, and what that answers: JSON from one Lambda function to the other. */

export type Service = 'web' | 'was';

/** A task, by its address in the VPC. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface ProbeRequest {
  readonly service: Service;
  readonly targets: readonly Target[];
  /** What `GET /version` has to answer as `build`; not asked when absent. */
  readonly build?: string;
  /** A task of the version that serves now: asked whether it has a model when a new task says that there is none. */
  readonly serving?: Target;
  /** Half of the answers to the photo may take longer. */
  readonly slowMs: number;
  /** For all together; what is not answered by then is a fault. */
  readonly timeoutMs: number;
}

export interface TargetReport {
  /** `10.20.1.2:8080` */
  readonly target: string;
  /** What is wrong, a sentence each. The task is good when there are none. */
  readonly faults: readonly string[];
  /** What is worth knowing, and no fault. */
  readonly notes: readonly string[];
  /** Name and version, when it classified. */
  readonly model?: string;
  /** Of the answers to the photo, when it classified. */
  readonly medianMs?: number;
}

export interface ProbeReport {
  readonly targets: readonly TargetReport[];
}

export function nameOf({ host, port }: Target): string {
  return `${host}:${port}`;
}

/** @throws TypeError for what is no request */
export function readProbeRequest(value: unknown): ProbeRequest {
  const { service, targets, build, serving, slowMs, timeoutMs } = (value ?? {}) as Partial<ProbeRequest>;
  const isOne =
    (service === 'web' || service === 'was') &&
    Array.isArray(targets) &&
    targets.every(isTarget) &&
    (serving === undefined || isTarget(serving)) &&
    (build === undefined || typeof build === 'string') &&
    isPositive(slowMs) &&
    isPositive(timeoutMs);
  if (!isOne)
    throw new TypeError(
      'The event should be { service: "web" or "was", targets: [{ host, port }], slowMs, timeoutMs }.',
    );
  return value as ProbeRequest;
}

/** @throws TypeError for what is no report */
export function readProbeReport(value: unknown): ProbeReport {
  const { targets } = (value ?? {}) as Partial<ProbeReport>;
  const isOne =
    Array.isArray(targets) &&
    targets.every(
      (report: Partial<TargetReport> | null) =>
        typeof report?.target === 'string' && isTexts(report.faults) && isTexts(report.notes),
    );
  if (!isOne) throw new TypeError('The answer of the prober is none.');
  return value as ProbeReport;
}

function isTarget(value: unknown): value is Target {
  const { host, port } = (value ?? {}) as Partial<Target>;
  return typeof host === 'string' && isPositive(port);
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

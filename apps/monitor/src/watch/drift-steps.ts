// What the log is told of checks that go to `drift` and come back: a line for each change, whatever number of windows see it.
import { DriftCheck, MonitorWindow, ObservedModel } from '@app/contracts/monitoring';
import { Logger } from '@nestjs/common';

/** A check of one window that has gone to `drift`, or come back from it. */
export interface DriftStep {
  readonly model: ObservedModel;
  readonly window: MonitorWindow;
  readonly check: DriftCheck;
  /** Whether a shorter window is in `drift`: then a longer one has only followed it, and nothing new has happened. */
  readonly isKnown: boolean;
}

/** The steps of one look, the shortest window first. News are warnings; what follows them, and the way back, is information. */
export function tellSteps(steps: readonly DriftStep[], logger: Logger): void {
  const changes = new Map<string, DriftStep[]>();
  for (const step of steps) {
    const key = JSON.stringify([step.model, step.check.name, step.check.state === 'drift']);
    changes.set(key, [...(changes.get(key) ?? []), step]);
  }
  for (const change of changes.values()) tell(change, logger);
}

function tell(steps: readonly DriftStep[], logger: Logger): void {
  const [first] = steps;
  if (first === undefined) return;
  const { model, check, isKnown } = first;
  const { name, state, score, limit, pValue, direction } = check;
  const windows = steps.map(({ window }) => window);
  const facts = { model, check: name, state, windows, score, limit, pValue, direction };
  const where = `${name} of ${model.name} ${model.version} in ${windows.join(', ')}`;
  if (state !== 'drift') logger.log(facts, `no more drift: ${where}`);
  else if (isKnown) logger.log(facts, `drift goes on: ${where}`);
  else logger.warn(facts, `drift: ${where}`);
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a fake container does; see fake-container/main.ts. */
export interface Behaviour {
  readonly version: string;
  /** Writes this sentence and exits with code 78. */
  readonly refuse?: string;
  readonly crash?: boolean;
  /** Until /ping says 200. */
  readonly startMs?: number;
  readonly answerMs?: number;
  readonly ignoresSigterm?: boolean;
}

/** A folder that is the package of a fake container. */
export function packageFolder(behaviour: Behaviour): string {
  const folder = mkdtempSync(join(tmpdir(), 'fake-package-'));
  changeBehaviour(folder, behaviour);
  return folder;
}

export function changeBehaviour(folder: string, behaviour: Behaviour): void {
  writeFileSync(join(folder, 'behaviour.json'), JSON.stringify(behaviour));
}

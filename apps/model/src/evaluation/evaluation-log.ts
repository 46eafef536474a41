// What an evaluation says, line by line, on standard output.
import { PROGRESS_PREFIX } from '@app/contracts/learning';

/** Often enough to be watched, seldom enough for a log. */
const INTERVAL_MS = 2000;

export class EvaluationLog {
  say(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  warn(sentence: string): void {
    this.say(`Warning: ${sentence}`);
  }

  /** What the job does now: a sentence without its full stop. */
  progress(sentence: string): void {
    this.say(`${PROGRESS_PREFIX}${sentence}`);
  }

  /** The same for something that is done item by item: says the sentence when the first is told, then every two seconds how far it is. */
  counter(sentence: string): (progress: { readonly done: number; readonly total: number }) => void {
    let saidAt: number | undefined;
    return ({ done, total }) => {
      if (saidAt !== undefined && performance.now() - saidAt < INTERVAL_MS) return;
      this.progress(saidAt === undefined ? sentence : `${sentence}: ${done} of ${total}`);
      saidAt = performance.now();
    };
  }
}

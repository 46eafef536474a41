// What can be said on the command line of `npm run bench`, and how long everything takes.
import { parseArgs } from 'node:util';

export interface Plan {
  readonly quick: boolean;
  readonly modelFolder: string;
  /** Rounds of everything that is interleaved. */
  readonly rounds: number;
  readonly windowMs: { readonly S: number; readonly P: number };
  readonly warmUpMs: number;
  /** Of each subject before its first round, until its code is compiled. */
  readonly settlingMs: number;
  readonly starts: number;
  /** While the growth of memory is watched. */
  readonly watchedRequests: number;
  readonly overloadRounds: number;
  readonly overloadMs: number;
  /** That monitor is told of. */
  readonly monitorEvents: number;
}

export const HELP = `Measures the whole system against the bare loop of decode and session.run on the same cores.

  npm run bench                 all of it, about 8 minutes on 2 cores; writes docs/benchmarks.md
  npm run bench -- --quick      short rounds for trying, about 1.5 minutes; writes nothing
  npm run bench -- --model DIR  another model package (default: models/everyday-objects)
`;

export function parseOptions(argv: readonly string[]): Plan | 'help' {
  const { quick, model, help } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      model: { type: 'string', default: 'models/everyday-objects' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
  if (help) return 'help';
  return quick
    ? {
        quick,
        modelFolder: model,
        rounds: 2,
        windowMs: { S: 1500, P: 1500 },
        warmUpMs: 300,
        settlingMs: 1500,
        starts: 1,
        watchedRequests: 3000,
        overloadRounds: 1,
        overloadMs: 3000,
        monitorEvents: 100_000,
      }
    : {
        quick,
        modelFolder: model,
        rounds: 5,
        windowMs: { S: 3000, P: 4000 },
        warmUpMs: 500,
        settlingMs: 8000,
        starts: 5,
        watchedRequests: 10_000,
        overloadRounds: 3,
        overloadMs: 8000,
        monitorEvents: 1_000_000,
      };
}

// Preloaded (`node --require`) into the processes whose memory is watched: SIGUSR2 has them collect their garbage, so that
// what is left can be compared. Left alone, V8 lets megabytes of it lie for thousands of requests.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // V8 puts it into contexts that are made after the flag is set
  process.on('SIGUSR2', () => collect());
}

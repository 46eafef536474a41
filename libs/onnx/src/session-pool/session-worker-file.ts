import { join } from 'node:path';

/** The program of a worker thread, beside this file. The only place that has to know where it is. */
export const SESSION_WORKER_FILE = join(__dirname, 'session-worker.js');

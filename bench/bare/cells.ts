// The memory that the threads of the bare loop share.

/** Images begun, by all threads. */
export const DONE_CELL = 0;
/** 1 when they shall stop. */
export const STOP_CELL = 1;

/**
 * Words of shared memory by which the threads of a crew agree, as positions in an Int32Array. Those
 * that many threads write while a plan runs have cache lines of their own.
 *
 * One thread, the caller, hands out jobs; the others serve. A job is a run of one module:
 * 1. The caller writes `described` to `claims`, adds 1 to `job` and wakes who waits there. Where
 *    `described` is not the number of the job, there is nothing to do but to look for messages.
 * 2. Every thread calls the module's `run`. Kernels are cut into pieces that are numbered through
 *    the whole run; a thread takes the next number from `claims`. After a kernel whoever is done
 *    adds 1 to `arrived` and waits for the next `generation`, which the last one to arrive begins.
 * 3. A thread that breaks off sets `fault`, which ends the waiting of all others with an error.
 *
 * Modules come as messages, which a thread only gets while it does not wait for jobs: `sent` counts
 * those to each thread, and one that has received fewer returns to its event loop before it does
 * anything else. `received` counts the messages that all threads have received together, `started`
 * those who have received one.
 */
export const words = {
  job: 0,
  described: 1,
  executable: 2,
  table: 3,
  scratch: 4,
  /** How many threads take part. */
  threads: 5,
  sent: 6,
  fault: 7,
  started: 15,
  received: 16,
  /** Threads that have left the job, whole or not. */
  left: 17,
  claims: 32,
  arrived: 48,
  generation: 64,
} as const

export const controlBytes = 512

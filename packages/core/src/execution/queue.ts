/**
 * One order for everything that runs. A job runs at once while nothing waits; as soon as one has to
 * wait (a tensor moves between backends) all later ones queue up behind it.
 */
let waiting: Promise<void> | undefined

/** Runs `job` now or in its turn. `failed` is told of errors of jobs that had to wait. */
export function enqueue(job: () => void | Promise<void>, failed: (error: unknown) => void): void {
  const started = waiting === undefined ? job() : waiting.then(job)
  if (started === undefined) return
  const settled: Promise<void> = started.catch(failed).then(() => {
    if (waiting === settled) waiting = undefined
  })
  waiting = settled
}

const untold: unknown[] = []

/** Keeps the error of a job that nobody has a result of, for the next one who waits. */
export function tellLater(error: unknown): void {
  untold[0] ??= error
}

/** Resolves when no job waits any more. Throws what was kept. */
export async function drained(): Promise<void> {
  while (waiting !== undefined) await waiting
  for (const error of untold.splice(0)) throw error
}

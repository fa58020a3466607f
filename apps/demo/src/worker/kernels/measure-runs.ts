import type { Backend } from 'tensorweft'

/** Clocks of browsers may be as coarse as 0.1 ms. */
const leastMs = 2
const mostRuns = 4096

/** Milliseconds of a run, of as many as it takes to see them on the clock. */
export async function measureRuns(
  run: () => void | Promise<void>,
  backend: Pick<Backend, 'finish'>,
): Promise<number> {
  for (let runs = 1; ; runs *= 4) {
    const start = performance.now()
    for (let i = 0; i < runs; i++) await run()
    await backend.finish()
    const elapsedMs = performance.now() - start
    if (elapsedMs >= leastMs || runs >= mostRuns) return elapsedMs / runs
  }
}

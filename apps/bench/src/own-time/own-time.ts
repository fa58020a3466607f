import { mlpProblem, mlpSizes } from '../cases/mlp.ts'
import { adam } from '../cases/update-rules.ts'
import type { Subject } from '../subject.ts'

/** What the host does for a step before it returns to the program. */
export interface OwnTime {
  readonly subject: string
  /** The least of all bursts; undefined where a subject cannot start a step without waiting. */
  readonly microsecondsPerStep: number | undefined
}

/** Where steps take long, fewer bursts have to do. */
const mostMs = 3000

/** Times the starts of steps of `mlp-adam`: so many in a burst, which is waited for outside of it. */
export async function measureOwnTime(
  subject: Subject,
  { bursts, steps }: { bursts: number; steps: number },
): Promise<OwnTime> {
  await subject.activate()
  const work = await subject.mlp(mlpProblem(mlpSizes, adam))
  const { queue } = work
  await work.step()
  const end = performance.now() + mostMs
  let least: number | undefined
  for (let burst = 0; queue !== undefined && burst < bursts; burst++) {
    if (performance.now() > end) break
    const start = performance.now()
    for (let step = 0; step < steps; step++) queue.enqueue()
    const elapsed = ((performance.now() - start) * 1000) / steps
    least = Math.min(least ?? elapsed, elapsed)
    await queue.finish()
  }
  await work.dispose()
  return { subject: subject.name, microsecondsPerStep: least }
}

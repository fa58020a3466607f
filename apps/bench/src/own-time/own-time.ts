import { mlpProblem, mlpSizes } from '../cases/mlp.ts'
import { adam } from '../cases/update-rules.ts'
import type { Clock } from '../measure.ts'
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
  clock: Clock = () => performance.now(),
): Promise<OwnTime> {
  await subject.activate()
  const work = await subject.mlp(mlpProblem(mlpSizes, adam))
  const { queue } = work
  await work.step()
  const end = clock() + mostMs
  let least: number | undefined
  for (let burst = 0; queue !== undefined && burst < bursts; burst++) {
    if (clock() > end) break
    const start = clock()
    for (let step = 0; step < steps; step++) queue.enqueue()
    const elapsed = ((clock() - start) * 1000) / steps
    least = Math.min(least ?? elapsed, elapsed)
    await queue.finish()
  }
  await work.dispose()
  return { subject: subject.name, microsecondsPerStep: least }
}

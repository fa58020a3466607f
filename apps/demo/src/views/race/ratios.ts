import { type BackendName, backendNames } from './contestant.ts'
import type { Standing } from './runner.ts'

/** How many times as fast as TensorFlow.js we are. */
export interface Ratio {
  /** Where both computed, or `fastest`: each on the backend that it is fastest on. */
  readonly on: BackendName | 'fastest'
  readonly times: number
  readonly ours: Measured
  readonly theirs: Measured
}

type Measured = Standing & { readonly stepMs: number }

/** What was measured of both so far. */
export function ratiosOf(standings: readonly Standing[]): readonly Ratio[] {
  const measured = standings.filter(isMeasured).toSorted((a, b) => a.stepMs - b.stepMs)
  const ratio = (on: Ratio['on'], among: readonly Measured[]): Ratio[] => {
    const ours = among.find(({ entry }) => entry.framework === 'tensorweft')
    const theirs = among.find(({ entry }) => entry.framework === 'tfjs')
    if (ours === undefined || theirs === undefined) return []
    return [{ on, times: theirs.stepMs / ours.stepMs, ours, theirs }]
  }
  const byBackend = backendNames.flatMap((backend) =>
    ratio(
      backend,
      measured.filter(({ entry }) => entry.backend === backend),
    ),
  )
  const [only, another] = byBackend
  const fastest = ratio('fastest', measured).filter(
    ({ ours, theirs }) => another !== undefined || ours !== only?.ours || theirs !== only?.theirs,
  )
  return [...byBackend, ...fastest]
}

function isMeasured(standing: Standing): standing is Measured {
  return standing.stepMs !== undefined
}

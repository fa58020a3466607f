import { findCase } from './cases/index.ts'
import { checkContenders } from './check.ts'
import { BenchError } from './errors.ts'
import type { Steppable } from './measure.ts'
import type { Unit } from './row.ts'
import { disposeAll, queued, unqueued } from './subject.ts'

/** Measures what the machine can do at the very time at which something else is measured. */
export interface RateMeter {
  readonly steppable: Steppable
  /** Name of the case that it repeats. */
  readonly title: string
  readonly unit: Unit
  /** Operations or bytes of one step. */
  readonly perStep: number
  /** Frees what it measures with. */
  dispose(): Promise<void>
}

/** What the machine could do, per second. */
export interface MeterRate extends Pick<RateMeter, 'title' | 'unit'> {
  readonly perSecond: number
}

/**
 * Repeats a case that measures the machine itself, after it has shown that it computes the right
 * thing: by default `simd-rate`, what one core can do.
 */
export async function makeRateMeter(
  title = 'simd-rate',
  { isQueued = false }: { isQueued?: boolean } = {},
): Promise<RateMeter> {
  const { flops, bytes, checkSteps: steps, tolerance, prepare } = findCase(title)
  const { contenders, expected } = await prepare([])
  await checkContenders(contenders, { where: title, steps, expected, tolerance })
  const [steppable] = contenders.map(isQueued ? queued : unqueued)
  const [unit, perStep]: [Unit, number | undefined] =
    flops === undefined ? ['bytes', bytes] : ['flops', flops]
  if (steppable === undefined || perStep === undefined) {
    throw new BenchError(`${title}: nothing measures what the machine can do.`)
  }
  const dispose = () => disposeAll(contenders)
  return { steppable, title, unit, perStep, dispose }
}

import { findCase } from './cases/index.ts'
import { checkContenders } from './check.ts'
import { BenchError } from './errors.ts'
import type { Steppable } from './measure.ts'

/** Measures what one core can do at the very time at which something else is measured. */
export interface RateMeter {
  readonly steppable: Steppable
  /** Floating-point operations of one step. */
  readonly flops: number
}

/** The loop of `simd-rate`, after it has shown that it computes the right thing. */
export async function makeRateMeter(): Promise<RateMeter> {
  const { name: where, flops, checkSteps: steps, tolerance, prepare } = findCase('simd-rate')
  const { contenders, expected } = await prepare([])
  await checkContenders(contenders, { where, steps, expected, tolerance })
  const [steppable] = contenders
  if (steppable === undefined || flops === undefined) {
    throw new BenchError('simd-rate: nothing measures the rate of the core.')
  }
  return { steppable, flops }
}

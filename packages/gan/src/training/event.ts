import type { Tensor } from '@tensorweft/core'
import type { GanWarning } from './health.ts'
import type { Measures } from './measures.ts'

/** What a step reports. */
export interface GanEvent extends Measures {
  /** Number of the step, from 1: updates of the generator. */
  readonly step: number
  /** Samples [samples, …] of the generator after this step, where `sampleEvery` asks for them. */
  readonly samples?: Tensor
  /** What looks wrong, and what to do about it. */
  readonly warnings: readonly GanWarning[]
}

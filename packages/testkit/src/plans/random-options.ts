import type { PlanBuilder } from './plan-builder.ts'
import type { Random } from './random.ts'
import type { RandomDType } from './random-program.ts'

/** What random kernels may contain. */
export interface RandomKernelOptions {
  /**
   * dtypes of arrays and values; float16 is for arrays, and counts beside float32 only. By default
   * float32, int32, uint8 and bool.
   */
  readonly dtypes?: readonly (RandomDType | 'float16')[]
  /**
   * Whether NaN and infinities occur; by default true. Otherwise they come only of maxima and
   * minima of nothing. For devices whose compilers may assume that there are none, as those of
   * WGSL may.
   */
  readonly specials?: boolean
}

/** Where a random kernel comes from and goes to. */
export interface RandomKernelContext {
  readonly plan: PlanBuilder
  readonly random: Random
  readonly options: RandomKernelOptions
  readonly label: string
}

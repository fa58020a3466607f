import type { DType, Operand } from '@tensorweft/core'

/** Places an array in the scratch memory that the kernels have which one kernel becomes. */
export type Scratch = (dtype: DType, size: number) => Operand

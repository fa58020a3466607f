import type { DType, Tensor } from '@tensorweft/core'
import type { GoldenCall } from './golden-call.ts'

/** Computes the outputs of a case. */
export type GoldenOp = (call: GoldenCall) => Tensor<DType> | readonly Tensor<DType>[]

/** By the names that the cases use. */
export type GoldenOps = Readonly<Record<string, GoldenOp>>

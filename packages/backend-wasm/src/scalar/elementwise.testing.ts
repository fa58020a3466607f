import type { DType, Instruction, Plan, ScalarFunction } from '@tensorweft/core'
import { affine, apply, load, mapKernel, operandsOf, planOf } from '@tensorweft/testkit/plans'

/** A kernel that applies one instruction to inputs of one size, element by element. */
export function elementwisePlan(
  instruction: Instruction | ScalarFunction,
  dtype: DType,
  argDTypes: readonly DType[],
  size: number,
): Plan {
  const inputs = argDTypes.map((dtype) => ({ dtype, size }))
  const outputs = [{ dtype, size }]
  const loads = argDTypes.map((dtype, k) => load(dtype, k, affine([1])))
  const program = [...loads, apply(dtype, instruction, ...loads.keys())]
  const kernel = mapKernel(instruction, [size], operandsOf(...inputs, ...outputs), program)
  return planOf({ kernels: [kernel], inputs, outputs })
}

import { type Backend, compile, type DType, realize, type Tensor, tensor } from '@tensorweft/core'
import type { MatmulProblem } from '../../problems/matmul.ts'
import type { Prepared } from '../../subject.ts'
import { heldResult } from './held-result.ts'

export async function matmul(
  { rows, inner, columns, ...problem }: MatmulProblem,
  backend: Backend,
): Promise<Prepared> {
  const dtype = backend.capabilities.dtypes.find((known: string) => known === problem.dtype)
  if (dtype === undefined) return { unsupported: `has no ${problem.dtype}` }
  const a = await operand(problem.a, [rows, inner], dtype)
  const b = await operand(problem.b, [inner, columns], dtype)
  const multiply = compile((a: Tensor<DType>, b: Tensor<DType>) => a.matmul(b))
  return heldResult(() => [multiply(a, b)], [a, b], backend)
}

/** On the backend in its dtype before anything is timed. */
async function operand(
  values: Float32Array,
  shape: number[],
  dtype: DType,
): Promise<Tensor<DType>> {
  const matrix = tensor(values, { shape }).cast(dtype)
  await realize(matrix)
  return matrix
}

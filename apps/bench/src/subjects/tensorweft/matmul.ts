import { type Backend, compile, type Tensor, tensor } from '@tensorweft/core'
import type { MatmulProblem } from '../../problems/matmul.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'

export function matmul({ rows, inner, columns, ...data }: MatmulProblem, backend: Backend): Work {
  const a = tensor(data.a, { shape: [rows, inner] })
  const b = tensor(data.b, { shape: [inner, columns] })
  const multiply = compile((a: Tensor, b: Tensor) => a.matmul(b))
  return heldResult(() => [multiply(a, b)], [a, b], backend)
}

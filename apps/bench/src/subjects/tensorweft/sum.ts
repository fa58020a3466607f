import { type Backend, compile, type Tensor, tensor } from '@tensorweft/core'
import type { SumProblem } from '../../problems/sum.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'

export function sum({ values }: SumProblem, backend: Backend): Work {
  const x = tensor(values)
  const add = compile((x: Tensor) => x.sum())
  return heldResult(() => [add(x)], [x], backend)
}

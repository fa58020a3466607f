import { type Backend, compile, type Tensor, tensor } from '@tensorweft/core'
import type { ElementwiseOp, ElementwiseProblem } from '../../problems/elementwise.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'

export function elementwise({ values, ops }: ElementwiseProblem, backend: Backend): Work {
  const x = tensor(values)
  const chain = compile((x: Tensor) => ops.reduce(apply, x))
  return heldResult(() => [chain(x)], [x], backend)
}

function apply(x: Tensor, step: ElementwiseOp): Tensor {
  return 'number' in step ? x[step.op](step.number) : x[step.op]()
}

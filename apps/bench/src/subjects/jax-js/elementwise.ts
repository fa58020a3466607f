import type { ElementwiseOp, ElementwiseProblem } from '../../problems/elementwise.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import { array, type JaxArray, type JaxModule } from './jax.ts'

export function elementwise(jax: JaxModule, { values, ops }: ElementwiseProblem): Work {
  const x = array(jax, values, [values.length])
  const chain = jax.jit((x: JaxArray) =>
    ops.reduce((x: JaxArray, step: ElementwiseOp) => apply(jax, x, step), x),
  )
  return heldResult(
    jax,
    () => [chain(x.ref)],
    () => {
      x.dispose()
      chain.dispose()
    },
  )
}

function apply({ nn, numpy: np }: JaxModule, x: JaxArray, step: ElementwiseOp): JaxArray {
  switch (step.op) {
    case 'add':
    case 'sub':
    case 'mul':
      return x[step.op](step.number)
    case 'relu':
    case 'sigmoid':
      return nn[step.op](x)
    case 'neg':
      return np.negative(x)
    default:
      return np[step.op](x)
  }
}

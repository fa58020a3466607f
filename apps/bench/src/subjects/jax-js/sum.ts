import type { SumProblem } from '../../problems/sum.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import { array, type JaxModule } from './jax.ts'

export function sum(jax: JaxModule, { values }: SumProblem): Work {
  const x = array(jax, values, [values.length])
  return heldResult(
    jax,
    () => [jax.numpy.sum(x.ref)],
    () => x.dispose(),
  )
}

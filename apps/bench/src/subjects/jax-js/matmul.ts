import type { MatmulProblem } from '../../problems/matmul.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import { array, type JaxModule } from './jax.ts'

export function matmul(jax: JaxModule, { rows, inner, columns, ...data }: MatmulProblem): Work {
  const a = array(jax, data.a, [rows, inner])
  const b = array(jax, data.b, [inner, columns])
  return heldResult(
    () => [jax.numpy.matmul(a.ref, b.ref)],
    () => jax.tree.dispose([a, b]),
  )
}

import type { LayerNormProblem, NormProblem, RowsProblem } from '../../problems/rows.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import { array, type JaxArray, type JaxModule } from './jax.ts'

export function softmaxRows(jax: JaxModule, { rows, columns, ...data }: RowsProblem): Work {
  const x = array(jax, data.x, [rows, columns])
  const run = jax.jit((x: JaxArray) => jax.nn.softmax(x))
  return heldResult(
    jax,
    () => [run(x.ref)],
    () => {
      x.dispose()
      run.dispose()
    },
  )
}

export function layerNormRows(jax: JaxModule, problem: NormProblem): Work {
  const { rows, columns, epsilon } = problem
  const x = array(jax, problem.x, [rows, columns])
  const [gamma, beta] = [array(jax, problem.gamma, [columns]), array(jax, problem.beta, [columns])]
  const run = jax.jit((x: JaxArray, gamma: JaxArray, beta: JaxArray) =>
    jax.nn.standardize(x, -1, { epsilon }).mul(gamma).add(beta),
  )
  return heldResult(
    jax,
    () => [run(x.ref, gamma.ref, beta.ref)],
    () => {
      jax.tree.dispose([x, gamma, beta])
      run.dispose()
    },
  )
}

export function layerNormGradient(jax: JaxModule, problem: LayerNormProblem): Work {
  const { rows, columns, epsilon } = problem
  const { nn, jit, tree, valueAndGrad } = jax
  const inputs = [
    array(jax, problem.x, [rows, columns]),
    array(jax, problem.gamma, [columns]),
    array(jax, problem.beta, [columns]),
    array(jax, problem.dy, [rows, columns]),
  ] as const
  const loss = (x: JaxArray, gamma: JaxArray, beta: JaxArray, dy: JaxArray) => {
    const y = nn.standardize(x, -1, { epsilon }).mul(gamma).add(beta)
    return [y.ref.mul(dy).sum(), y] as [JaxArray, JaxArray]
  }
  const differentiate = valueAndGrad(loss, { argnums: [0, 1, 2], hasAux: true })
  const run = jit((x: JaxArray, gamma: JaxArray, beta: JaxArray, dy: JaxArray) => {
    const [[unused, y], gradients] = differentiate(x, gamma, beta, dy)
    unused.dispose()
    return [y, ...gradients] as JaxArray[]
  })
  return heldResult(
    jax,
    () => {
      const [x, gamma, beta, dy] = inputs
      return run(x.ref, gamma.ref, beta.ref, dy.ref)
    },
    () => {
      tree.dispose([...inputs])
      run.dispose()
    },
  )
}

import {
  type Backend,
  compile,
  gradients,
  layerNorm,
  softmax,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import type { LayerNormProblem, NormProblem, RowsProblem } from '../../problems/rows.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'

export function softmaxRows({ rows, columns, ...data }: RowsProblem, backend: Backend): Work {
  const x = tensor(data.x, { shape: [rows, columns] })
  const run = compile((x: Tensor) => softmax(x))
  return heldResult(() => [run(x)], [x], backend)
}

export function layerNormRows(problem: NormProblem, backend: Backend): Work {
  const { rows, columns, epsilon } = problem
  const x = tensor(problem.x, { shape: [rows, columns] })
  const [gamma, beta] = [tensor(problem.gamma), tensor(problem.beta)]
  const run = compile((x: Tensor, gamma: Tensor, beta: Tensor) =>
    layerNorm(x, gamma, beta, { epsilon }),
  )
  return heldResult(() => [run(x, gamma, beta)], [x, gamma, beta], backend)
}

export function layerNormGradient(problem: LayerNormProblem, backend: Backend): Work {
  const { rows, columns, epsilon } = problem
  const matrix = (values: Float32Array) => tensor(values, { shape: [rows, columns] })
  const [x, dy] = [matrix(problem.x), matrix(problem.dy)]
  const [gamma, beta] = [tensor(problem.gamma), tensor(problem.beta)]
  const run = compile((x: Tensor, gamma: Tensor, beta: Tensor, dy: Tensor) => {
    const y = layerNorm(x, gamma, beta, { epsilon })
    return [y, ...gradients(y.mul(dy).sum(), [x, gamma, beta])]
  })
  return heldResult(() => run(x, gamma, beta, dy), [x, gamma, beta, dy], backend)
}

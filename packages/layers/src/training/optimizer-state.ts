import { compile, gradients, type Layer, type Optimizer, zeros } from '@tensorweft/core'

/**
 * Makes what an optimiser keeps per parameter before its first step: it is made when the optimiser
 * first meets a parameter, here by an update that is recorded and never run.
 *
 * @example
 * ```ts
 * const model = dense({ units: 1 })
 * model.build([2], key(0))
 * const optimizer = adam()
 * makeOptimizerState(optimizer, model)
 * console.log(Object.keys(optimizer.state).length > 2) // true
 * ```
 */
export function makeOptimizerState(
  optimizer: Optimizer,
  { parameters }: Pick<Layer, 'parameters'>,
): void {
  compile(() => optimizer.update(parameters, gradients(zeros([]), parameters))).traced()
}

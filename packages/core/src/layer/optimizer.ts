import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Parameter } from '../runtime/parameter.ts'
import type { Tree } from '../tree.ts'
import type { ParameterTree } from './layer.ts'

/** An update rule with the state that it carries from step to step. */
export interface Optimizer {
  /**
   * Assigns new values to the trainable parameters. Both trees have the same form. Inside a
   * function under `compile` this becomes part of its plan.
   */
  update(parameters: Tree<Parameter<DType>>, gradients: Tree<Tensor<DType>>): void
  /** Step counter, learning rate and whatever is kept per parameter, by name, for saving. */
  readonly state: ParameterTree
}

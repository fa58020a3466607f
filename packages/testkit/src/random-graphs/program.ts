import type { DType, Shape } from '@tensorweft/core'
import type { Argument } from './argument.ts'
import type { GraphOp } from './graph-ops.ts'

/** A tensor that is given. */
export interface Leaf {
  readonly kind: 'leaf'
  readonly shape: Shape
  readonly dtype: DType
  /** Row-major. */
  readonly values: readonly number[]
  /** Of positions in an axis: its size. They stay inside, whatever is made simpler. */
  readonly below?: number
}

/** The result of an op on earlier nodes, followed by plain arguments. */
export interface Application {
  readonly kind: 'op'
  readonly op: GraphOp
  /** Numbers of earlier nodes. */
  readonly inputs: readonly number[]
  readonly args: readonly Argument[]
  readonly shape: Shape
  readonly dtype: DType
}

export type GraphNode = Leaf | Application

/** A computation as data: it can be built, printed, shrunk and run again. */
export interface GraphProgram {
  readonly nodes: readonly GraphNode[]
  /** Numbers of the nodes that are results. */
  readonly outputs: readonly number[]
}

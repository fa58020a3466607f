import type { Node } from '../graph/tensor.ts'

/** A place that holds a value which a compiled function may read and replace. */
export interface Cell {
  /** The value now, outside any trace. */
  readonly node: Node
}

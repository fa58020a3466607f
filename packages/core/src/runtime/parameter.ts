import type { DType } from '../dtype.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import { currentTrace } from '../execution/trace.ts'
import { type Node, Tensor } from '../graph/tensor.ts'
import { identity } from '../ops/identity.ts'
import { formatShape, type Shape, sameShape } from '../shape.ts'

export interface ParameterOptions {
  /** Whether optimisers update it; statistics that are merely carried are not trainable. */
  readonly trainable?: boolean
  readonly name?: string
}

/**
 * A handle whose tensor can be replaced: a weight, or state that a step carries along. Its shape
 * and dtype are those of the first value. In a function under `compile` it is an input, and an
 * assignment to it happens in place at the end of the step.
 *
 * @example
 * ```ts
 * import { Parameter, zeros } from '@tensorweft/core'
 *
 * const bias = new Parameter(zeros([10]), { name: 'bias' })
 * bias.assign(bias.value.sub(0.1))
 * ```
 */
export class Parameter<D extends DType = 'float32'> {
  readonly name: string
  trainable: boolean
  #node: Node
  #isShared: boolean

  constructor(initial: Tensor<D>, { trainable = true, name = 'parameter' }: ParameterOptions = {}) {
    this.name = name
    this.trainable = trainable
    this.#node = ownVersion(initial)
    this.#isShared = false
  }

  get shape(): Shape {
    return this.#node.shape
  }

  get dtype(): D {
    return this.#node.dtype as D
  }

  /** The value now; inside a traced function, what it is at this point of the function. */
  get value(): Tensor<D> {
    const trace = currentTrace()
    if (trace !== undefined) return new Tensor<D>(trace.read(this))
    this.#isShared = true
    return new Tensor<D>(this.#node)
  }

  /**
   * Replaces the value. Throws ShapeError or DTypeError, changing nothing, if shape or dtype
   * differ.
   */
  assign(value: Tensor<D>): void {
    this.#check(value)
    const trace = currentTrace()
    if (trace !== undefined) trace.writes.set(this, value)
    else this.replaceNode(ownVersion(value), false)
  }

  /** The node that holds the value, for the run time. */
  get node(): Node {
    return this.#node
  }

  /** Whether a tensor that a program may still hold has the same buffer. */
  get isShared(): boolean {
    return this.#isShared || this.#node.pendingReaders > 0
  }

  /** Puts another node in place, for the run time. */
  replaceNode(node: Node, isShared: boolean): void {
    this.#node = node
    this.#isShared = isShared
  }

  #check(value: Tensor<D>): void {
    const op = `assign to ${this.name}`
    if (!sameShape(value.shape, this.shape)) {
      throw new ShapeError(op, {
        got: `a tensor ${formatShape(value.shape)}`,
        wanted: formatShape(this.shape),
      })
    }
    if (value.dtype !== this.dtype) {
      throw new DTypeError(op, {
        got: value.dtype,
        wanted: this.dtype,
        hint: `cast it: value.cast('${this.dtype}')`,
      })
    }
  }
}

/** A node with a buffer that belongs to the parameter alone. */
function ownVersion(value: Tensor<DType>): Node {
  const { node } = identity(value)
  node.isPinned = true
  node.endsHistory = true
  return node
}

import type { DType } from '../dtype.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import { currentTrace } from '../execution/trace.ts'
import { noteVersion } from '../execution/versions.ts'
import type { Hold } from '../graph/lifetime.ts'
import { runInScope } from '../graph/scope.ts'
import { type Node, releaseTensor, Tensor } from '../graph/tensor.ts'
import { checkTensor } from '../ops/check-tensor.ts'
import { identity } from '../ops/identity.ts'
import { stopGradient } from '../ops/stop-gradient.ts'
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
  #hold: Hold
  #isShared = false

  constructor(initial: Tensor<D>, { trainable = true, name = 'parameter' }: ParameterOptions = {}) {
    this.name = name
    this.trainable = trainable
    this.#node = ownVersion(checkTensor('Parameter', 'initial', initial))
    this.#hold = this.#node.lifetime.take()
    noteVersion(this.#node, this)
  }

  get shape(): Shape {
    return this.#node.shape
  }

  get dtype(): D {
    return this.#node.dtype as D
  }

  /** The value now; inside a traced function, what it is at this point of the function. */
  get value(): Tensor<D> {
    if (currentTrace() === undefined) this.#isShared = true
    return new Tensor<D>(this.version)
  }

  /**
   * Replaces the value. The new one is a leaf: no gradient flows back into how it came about.
   * Throws ShapeError or DTypeError, changing nothing, if shape or dtype differ.
   */
  assign(value: Tensor<D>): void {
    this.#check(value)
    const trace = currentTrace()
    // What a parameter holds outlives the scope in which it is assigned.
    if (trace !== undefined) runInScope(undefined, () => trace.write(this, stopGradient(value)))
    else this.replaceNode(ownVersion(value), false)
  }

  /** The node that holds the value, for the run time. */
  get node(): Node {
    return this.#node
  }

  /** The node of `value`, for the run time: nobody else gets to share it. */
  get version(): Node {
    return pinned?.get(this) ?? currentTrace()?.read(this) ?? this.#node
  }

  /** Whether a tensor that a program may still hold has the same buffer. */
  get isShared(): boolean {
    return this.#isShared || this.#node.lifetime.readers > 0
  }

  /** Puts another node in place, for the run time. */
  replaceNode(node: Node, isShared: boolean): void {
    const before = { node: this.#node, hold: this.#hold }
    this.#node = node
    this.#hold = node.lifetime.take()
    this.#isShared = isShared
    noteVersion(node, this)
    before.node.lifetime.drop(before.hold, false)
  }

  #check(value: Tensor<D>): void {
    const op = `assign to ${this.name}`
    checkTensor(op, 'value', value)
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

let pinned: ReadonlyMap<unknown, Node> | undefined

/** Runs `body` with parameters as they were: reads see these versions. */
export function withVersions<T>(versions: ReadonlyMap<unknown, Node>, body: () => T): T {
  const outer = pinned
  pinned = versions
  try {
    return body()
  } finally {
    pinned = outer
  }
}

/** A node with a buffer that belongs to the parameter alone. */
function ownVersion(value: Tensor<DType>): Node {
  // A parameter outlives the scope in which it is made or assigned.
  return runInScope(undefined, () => {
    const leaf = stopGradient(value)
    const { node } = identity(leaf)
    releaseTensor(leaf)
    node.endsHistory = true
    return node
  })
}

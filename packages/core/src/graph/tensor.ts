import type { DType, TypedArrayOf } from '../dtype.ts'
import { ArgumentError, DisposedError } from '../errors.ts'
import type { Index, IndexSpace, Range } from '../index-algebra/index.ts'
import type { Combiner } from '../ir/combiner.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { formatShape, type Shape, sizeOf } from '../shape.ts'
import { type Hold, Lifetime } from './lifetime.ts'
import { noteOrigin, originOf } from './origin.ts'
import { currentScope } from './scope.ts'
import type { Storage } from './storage.ts'

// Tensor, Node and Primitive define each other: a tensor holds a node, a node names the primitive
// that computes it, and a primitive's gradient is written in tensors. Hence one file.

/** Shape and dtype of a tensor. */
export interface TensorSpec {
  readonly shape: Shape
  readonly dtype: DType
}

/** What an attribute of an op may be: plain data that has an exact text. */
export type Attribute = number | string | boolean | null | readonly Attribute[]
export type Attributes = { readonly [name: string]: Attribute }

/** One input of an op while it is lowered. */
export interface LoweredInput extends TensorSpec {
  /** Its element at an index per axis. */
  at(...indices: readonly Index[]): Scalar
  /**
   * Its element at `position`, an int32 that must lie on it, along `axis`, and at an index per
   * other axis.
   */
  gather(axis: number, position: Scalar, others: readonly Index[]): Scalar
}

/** What a lowering rule works with. */
export interface Lowering<A extends Attributes = Attributes> extends TensorSpec {
  readonly attributes: A
  /** Index per axis of the output element that is asked for. */
  readonly at: readonly Index[]
  readonly scalar: ScalarBuilder
  readonly space: IndexSpace
  /** Combines `body` over all indices below `extents`. */
  reduce(
    combiner: Combiner,
    extents: readonly number[],
    body: (indices: readonly Index[]) => Scalar,
  ): Scalar
  /** `body` where all ranges hold, else `otherwise`; body's loads are not made outside. */
  guarded(ranges: readonly Range[], body: () => Scalar, otherwise: number): Scalar
}

/** What the form of an op as a walk is written with. */
export type WalkLowering<A extends Attributes = Attributes> = Omit<Lowering<A>, 'at' | 'reduce'>

/** An op as a kernel that walks rows in order, for backends that have its kind. */
export type WalkForm = ScanForm | SortForm | ScatterForm

/** Running totals along `axis` of `element`, which is asked for at an index per axis. */
export interface ScanForm {
  readonly kind: 'scan'
  readonly axis: number
  readonly combiner: Combiner
  element(at: readonly Index[]): Scalar
}

/** The positions that `element` has along `axis`, in the order of its values. */
export interface SortForm {
  readonly kind: 'sort'
  readonly axis: number
  readonly descending: boolean
  element(at: readonly Index[]): Scalar
}

/**
 * `initial`, to which the update at each point of a row is added where its target, a position
 * along `axis`, says. There is a row for each index of the other axes.
 */
export interface ScatterForm {
  readonly kind: 'scatter'
  readonly axis: number
  readonly points: Shape
  initial(at: readonly Index[]): Scalar
  update(row: readonly Index[], point: readonly Index[]): { target: Scalar; value: Scalar }
}

/** What a gradient rule works with besides the inputs. */
export interface GradientContext<A extends Attributes = Attributes> {
  readonly attributes: A
  /** The op's own result, for rules that are simpler in its terms. */
  readonly output: Tensor
  /** What gradients are asked for by, for rules that cannot reach all of it. */
  readonly by: ReadonlySet<Node>
  /** Those, and what was computed from them on the way to where the walk back began. */
  readonly onTheWay: ReadonlySet<Node>
}

/** The record of an op that is not composed of others. Inputs are named. */
export interface Primitive {
  readonly name: string
  /** Every use gets an array of its own, even where another computes the same. */
  readonly isDistinct?: boolean
  /** Names what is computed by other ops; its value is that of its input `result`. */
  readonly isRegion?: boolean
  /** Shape and dtype of the result; throws a typed error for inputs that do not fit. */
  infer(inputs: Readonly<Record<string, TensorSpec>>, attributes: Attributes): TensorSpec
  /** Has the elements of its input in the same order. */
  readonly keepsOrder?: boolean
  /** One element of the result in terms of elements of the inputs. */
  lower(inputs: Readonly<Record<string, LoweredInput>>, lowering: Lowering): Scalar
  /** The same as `lower` says, done in a walk. */
  walk?(inputs: Readonly<Record<string, LoweredInput>>, lowering: WalkLowering): WalkForm
  /** Gradients by the inputs given `dy`, the one by the result; absent inputs have none. */
  vjp?(
    dy: Tensor,
    inputs: Readonly<Record<string, Tensor>>,
    context: GradientContext,
  ): Readonly<Record<string, Tensor | undefined>>
}

/** How a node gets its value. */
export type NodeSource =
  /** Computed by an op from the inputs, which have these names. */
  | {
      readonly kind: 'op'
      readonly op: Primitive
      readonly attributes: Attributes
      readonly names: readonly string[]
      /** What the function that a region names was called with beside tensors. */
      readonly options?: Readonly<Record<string, unknown>> | 'not plain'
    }
  /** Given: host data that was uploaded, or the result of a compiled function. */
  | { readonly kind: 'data' }
  /** A number of the program, which may change from run to run. */
  | { readonly kind: 'number'; readonly value: number }
  /** An input of a function that is being traced. */
  | { readonly kind: 'placeholder' }

let nextId = 0

/** One value of the lazy graph. Its structure is the truth, its storage a cache. */
export class Node implements TensorSpec {
  readonly id = nextId++
  readonly shape: Shape
  readonly dtype: DType
  /** Ops that waited one behind the other, this one included, when the node was made. */
  readonly pendingDepth: number
  /** Where the value is once it has been computed or uploaded. */
  storage: Storage | undefined
  /** Host data that has not been uploaded to a backend yet. */
  hostData: Uint8Array | undefined
  /** Why the value could not be computed, if it was to be and failed. */
  failure: unknown
  /** Held as the value of a parameter: once it is known, how it came about is forgotten. */
  endsHistory = false
  /**
   * Ids of the nodes that it was computed from, if the program could ask how when it was let go or
   * a compiled function gave it.
   */
  forgotten: ReadonlySet<number> | undefined
  /** Who may still ask for the value. */
  readonly lifetime: Lifetime
  #source: NodeSource
  #inputs: readonly Node[]

  constructor(source: NodeSource, inputs: readonly Node[], spec: TensorSpec) {
    this.#source = source
    this.#inputs = inputs
    this.shape = spec.shape
    this.dtype = spec.dtype
    let depth = 0
    for (const input of inputs) {
      if (!input.isRealized && input.pendingDepth > depth) depth = input.pendingDepth
    }
    this.pendingDepth = source.kind === 'op' ? depth + 1 : 0
    this.lifetime = new Lifetime(this)
    noteOrigin(this)
  }

  get source(): NodeSource {
    return this.#source
  }

  get inputs(): readonly Node[] {
    return this.#inputs
  }

  /** Takes the computed value; from now on inputs are needed for gradients only. */
  settle(storage: Storage | undefined): void {
    this.storage = storage
    this.lifetime.review()
    if (this.endsHistory && this.isRealized) this.forget()
  }

  /** Becomes a value that is given. `sources` are the nodes by which it had gradients. */
  forget(sources?: ReadonlySet<number>): void {
    this.#source = { kind: 'data' }
    this.#inputs = []
    this.forgotten = sources
  }

  /** Gives the value up; an op can compute it again while its inputs are there. */
  drop(): void {
    this.storage?.free()
    this.storage = undefined
    this.hostData = undefined
  }

  /** Whether the value exists somewhere and need not be computed. */
  get isRealized(): boolean {
    return this.storage !== undefined || this.hostData !== undefined
  }
}

let letGo: (tensor: Tensor<DType>) => void
let checkLive: (op: string, tensor: Tensor<DType>) => void

/** Ends a tensor that never was the program's. What it stands for is not disposed of. */
export function releaseTensor(tensor: Tensor<DType>): void {
  letGo(tensor)
}

/** Throws DisposedError in the name of `op` for a tensor that was disposed. */
export function checkNotDisposed(op: string, tensor: Tensor<DType>): void {
  checkLive(op, tensor)
}

/**
 * An immutable array of numbers that is computed when it is read.
 *
 * `D` is its dtype; `S` is reserved for shapes checked at compile time.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods of ops are attached in methods.ts, so that ops can import this file without a cycle.
export class Tensor<D extends DType = 'float32', S extends Shape = Shape> {
  readonly #node: Node
  readonly #hold: Hold
  #isDisposed = false
  declare protected readonly __dtype: D

  static {
    letGo = (tensor) => tensor.#end(false)
    checkLive = (op, tensor) => tensor.#check(op)
  }

  constructor(node: Node) {
    this.#node = node
    this.#hold = node.lifetime.take()
    currentScope()?.add(this)
  }

  /** The graph node behind the handle. Throws DisposedError after `dispose()`. */
  get node(): Node {
    this.#check('tensor')
    return this.#node
  }

  get shape(): S {
    return this.#node.shape as S
  }

  get dtype(): D {
    return this.#node.dtype as D
  }

  /** Number of axes. */
  get rank(): number {
    return this.#node.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.#node.shape)
  }

  /**
   * Gives the handle up. With the last one for a value, its buffer is freed as soon as nothing
   * pending needs it. Never necessary: what is garbage collected is freed too.
   */
  dispose(): void {
    this.#end(true)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #check(op: string): void {
    if (!this.#isDisposed) return
    throw new DisposedError(op, {
      got: `a tensor ${typeText(this.#node)} that was disposed`,
      wanted: 'a live one',
      hint: 'use it before dispose(), or return it from tidy()',
    })
  }

  #end(isDisposed: boolean): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#node.lifetime.drop(this.#hold, isDisposed)
  }

  /** Comparisons and arithmetic of JavaScript would give `false` and `NaN` without a word. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new ArgumentError('tensor', {
      got: 'used as a number',
      hint: 'await x.item()',
    })
  }

  toString(): string {
    const { dtype, shape, storage } = this.#node
    const where = storage === undefined ? '(pending)' : `on ${storage.backend.name}`
    return `Tensor ${dtype} ${formatShape(shape)} ${this.#isDisposed ? '(disposed)' : where}`
  }
}

/** Such as `float32 [2, 3]`, with the line that made the value if it is known. */
export function typeText(node: Node): string {
  const origin = originOf(node)
  const type = `${node.dtype} ${formatShape(node.shape)}`
  return origin === undefined ? type : `${type}, made at ${origin},`
}

/** Nested arrays of numbers or booleans, as `array()` returns them. */
export type NestedArray = number | boolean | NestedArray[]

/** The everyday ops as methods; each is the function of the same name with `this` first. */
// biome-ignore lint/correctness/noUnusedVariables: an interface that merges with a class repeats its parameters.
export interface Tensor<D extends DType = 'float32', S extends Shape = Shape> {
  /** The values, row-major. Waits until they are computed. */
  data(): Promise<TypedArrayOf<D>>
  /** The values as nested arrays; bools as booleans. */
  array(): Promise<NestedArray>
  /** The value of a tensor with one element. */
  item(): Promise<number>

  add(other: Operand<D>): Tensor<D>
  sub(other: Operand<D>): Tensor<D>
  mul(other: Operand<D>): Tensor<D>
  div(other: Operand<D>): Tensor<D>
  maximum(other: Operand<D>): Tensor<D>
  minimum(other: Operand<D>): Tensor<D>
  neg(): Tensor<D>
  abs(): Tensor<D>
  square(): Tensor<D>
  sqrt(): Tensor<D>
  exp(): Tensor<D>
  log(): Tensor<D>
  relu(): Tensor<D>
  sigmoid(): Tensor<D>
  tanh(): Tensor<D>
  softmax(axis?: number): Tensor<D>

  equal(other: Operand<D>): Tensor<'bool'>
  notEqual(other: Operand<D>): Tensor<'bool'>
  less(other: Operand<D>): Tensor<'bool'>
  lessEqual(other: Operand<D>): Tensor<'bool'>
  greater(other: Operand<D>): Tensor<'bool'>
  greaterEqual(other: Operand<D>): Tensor<'bool'>

  sum(axes?: Axes, options?: ReduceOptions): Tensor<D>
  mean(axes?: Axes, options?: ReduceOptions): Tensor<D>
  max(axes?: Axes, options?: ReduceOptions): Tensor<D>
  min(axes?: Axes, options?: ReduceOptions): Tensor<D>
  argMax(axis?: number | null, options?: ReduceOptions): Tensor<'int32'>

  matmul(other: Tensor<D>): Tensor<D>
  reshape(shape: Shape): Tensor<D>
  transpose(permutation?: readonly number[]): Tensor<D>
  expandDims(axis: number): Tensor<D>
  squeeze(axes?: Axes): Tensor<D>
  broadcastTo(shape: Shape): Tensor<D>
  slice(begin: readonly number[], size: readonly number[]): Tensor<D>
  cast<E extends DType>(dtype: E): Tensor<E>
}

/** A tensor, or a number that takes the tensor's dtype. */
export type Operand<D extends DType> = Tensor<D> | number
/** One axis, several, or `null` for all. */
export type Axes = number | readonly number[] | null
export interface ReduceOptions {
  /** Keep reduced axes with size 1. */
  readonly keepDims?: boolean
}

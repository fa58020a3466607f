import type { DType } from '../dtype.ts'
import { keepBounded } from '../execution/keep-bounded.ts'
import { linkOp } from '../graph/link-op.ts'
import {
  type Attributes,
  type GradientContext,
  type LoweredInput,
  type Lowering,
  Node,
  type NodeSource,
  type Primitive,
  Tensor,
  type TensorSpec,
  type WalkForm,
  type WalkLowering,
} from '../graph/tensor.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { checkTensor } from './check-tensor.ts'

/** A tensor of any dtype, for code that does not care. */
export type AnyTensor = Tensor<DType>

/** A primitive op as its file states it; `K` are the names of its inputs. */
export interface OpDefinition<K extends string, A extends Attributes> {
  readonly name: string
  /** Every use gets an array of its own, even where another computes the same. */
  readonly isDistinct?: boolean
  /** Names what is computed by other ops; its value is that of its input `result`. */
  readonly isRegion?: boolean
  /** Has the elements of its input in the same order. */
  readonly keepsOrder?: boolean
  infer(inputs: Readonly<Record<K, TensorSpec>>, attributes: A): TensorSpec
  lower(inputs: Readonly<Record<K, LoweredInput>>, lowering: Lowering<A>): Scalar
  /** The same as `lower` says as a walk through rows, for backends that have such kernels. */
  walk?(inputs: Readonly<Record<K, LoweredInput>>, lowering: WalkLowering<A>): WalkForm
  vjp?(
    dy: Tensor,
    inputs: Readonly<Record<K, Tensor>>,
    context: GradientContext<A>,
  ): Partial<Record<K, Tensor | undefined>>
}

/** A defined op: its record, and the function that adds it to the graph. */
export interface Op<K extends string, A extends Attributes> extends OpDefinition<K, A> {
  /** A node for the op on these tensors. Throws what `infer` throws. */
  apply<D extends DType = 'float32'>(
    inputs: Readonly<Record<K, AnyTensor>>,
    attributes: A,
  ): Tensor<D>
}

/**
 * Defines a primitive op: shape rule, lowering and gradient in one record.
 *
 * @example
 * ```ts
 * const negOp: Op<'x', Record<never, never>> = defineOp({
 *   name: 'neg',
 *   infer: ({ x }) => x,
 *   lower: ({ x }, { at, scalar }) => scalar.sub(scalar.constant(x.dtype, 0), x.at(...at)),
 *   vjp: (dy) => ({ x: negOp.apply({ x: dy }, {}) }),
 * })
 * ```
 */
export function defineOp<K extends string, A extends Attributes = Record<never, never>>(
  definition: OpDefinition<K, A>,
): Op<K, A> {
  const op: Primitive = definition
  const defined: Op<K, A> = {
    ...definition,
    apply(inputs, attributes) {
      const entries = Object.entries(inputs)
      const nodes = entries.map(([name, tensor]) => checkTensor(definition.name, name, tensor).node)
      const names = entries.map(([name]) => name)
      const spec = definition.infer(inputs, attributes)
      return makeTensor({ kind: 'op', op, attributes, names }, nodes, spec)
    },
  }
  return linkOp(defined, op)
}

/** The tensor of a new node. */
export function makeTensor<D extends DType>(
  source: NodeSource,
  inputs: readonly Node[],
  spec: TensorSpec,
): Tensor<D> {
  const node = new Node(source, inputs, spec)
  keepBounded(node)
  return new Tensor(node)
}

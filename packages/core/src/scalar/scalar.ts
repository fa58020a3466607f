import type { DType } from '../dtype.ts'
import type { Axis, Index, Range } from '../index-algebra/index.ts'
import type { Combiner } from '../ir/combiner.ts'
import type { Instruction, ScalarFunction } from '../ir/instruction.ts'

/**
 * What one element of a tensor is, as an expression: the form in which ops are lowered and fused.
 * Expressions are shared: equal ones made by one `ScalarBuilder` are the same object.
 */
export type Scalar =
  | ConstantScalar
  | ArgumentScalar
  | LoadScalar
  | GatherScalar
  | IndexScalar
  | InsideScalar
  | ApplyScalar
  | ReduceScalar

interface ScalarBase {
  /** Unique within its builder; arguments have smaller ids. */
  readonly id: number
  readonly dtype: DType
}

export interface ConstantScalar extends ScalarBase {
  readonly kind: 'constant'
  readonly value: number
}

/** A number given with each run. */
export interface ArgumentScalar extends ScalarBase {
  readonly kind: 'argument'
  readonly argument: number
}

/** An element of array number `array`; 0 where a range of `within` does not hold. */
export interface LoadScalar extends ScalarBase {
  readonly kind: 'load'
  readonly array: number
  readonly index: Index
  readonly within: readonly Range[]
}

/** An element of array number `array` at `index + offset`, an int32; 0 outside `within`. */
export interface GatherScalar extends ScalarBase {
  readonly kind: 'gather'
  readonly array: number
  readonly index: Index
  readonly offset: Scalar
  readonly within: readonly Range[]
}

export interface IndexScalar extends ScalarBase {
  readonly kind: 'index'
  readonly index: Index
}

export interface InsideScalar extends ScalarBase {
  readonly kind: 'inside'
  readonly within: readonly Range[]
}

export interface ApplyScalar extends ScalarBase {
  readonly kind: 'apply'
  readonly instruction: Instruction | ScalarFunction
  readonly args: readonly Scalar[]
}

/** `body` combined over all values of `axis`. */
export interface ReduceScalar extends ScalarBase {
  readonly kind: 'reduce'
  readonly combiner: Combiner
  readonly axis: Axis
  readonly body: Scalar
}

/** Direct arguments. */
export function argumentsOf(scalar: Scalar): readonly Scalar[] {
  switch (scalar.kind) {
    case 'apply':
      return scalar.args
    case 'reduce':
      return [scalar.body]
    case 'gather':
      return [scalar.offset]
    default:
      return []
  }
}

/**
 * Every expression in `roots`, each once, arguments first; does not enter what `stop` accepts.
 * Iterative, because expressions of fused chains are deep.
 */
export function postOrder(
  roots: readonly Scalar[],
  stop: (scalar: Scalar) => boolean = () => false,
): Scalar[] {
  const order: Scalar[] = []
  const state = new Map<Scalar, 'open' | 'done'>()
  const stack = [...roots].reverse()
  for (let scalar = stack.at(-1); scalar !== undefined; scalar = stack.at(-1)) {
    const known = state.get(scalar)
    if (known === undefined) {
      state.set(scalar, 'open')
      const args = stop(scalar) ? [] : argumentsOf(scalar)
      for (let i = args.length - 1; i >= 0; i--) {
        const arg = args[i]
        if (arg !== undefined && !state.has(arg)) stack.push(arg)
      }
    } else {
      stack.pop()
      if (known === 'open') order.push(scalar)
      state.set(scalar, 'done')
    }
  }
  return order
}

/** Index expressions that occur directly in a scalar. */
export function indicesOf(scalar: Scalar): readonly Index[] {
  switch (scalar.kind) {
    case 'load':
    case 'gather':
      return [scalar.index, ...scalar.within.map((range) => range.index)]
    case 'index':
      return [scalar.index]
    case 'inside':
      return scalar.within.map((range) => range.index)
    default:
      return []
  }
}

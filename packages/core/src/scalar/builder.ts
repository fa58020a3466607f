import { castNumber, type DType } from '../dtype.ts'
import { BackendError } from '../errors.ts'
import type { Axis, Index, Range } from '../index-algebra/index.ts'
import { simplifyRanges } from '../index-algebra/index.ts'
import { type Combiner, identityOf } from '../ir/combiner.ts'
import type { Instruction, ScalarFunction } from '../ir/instruction.ts'
import type { Binary, Unary } from './arithmetic.ts'
import { expansions } from './expansions.ts'
import { foldConstants } from './fold.ts'
import type { Scalar } from './scalar.ts'

type Unnumbered = Scalar extends infer S ? (S extends Scalar ? Omit<S, 'id'> : never) : never

/**
 * Makes scalar expressions. Functions that are not in `native` are written out in instructions.
 * Operands that are numbers take the dtype of the other operand.
 */
export class ScalarBuilder {
  readonly #native: ReadonlySet<ScalarFunction>
  readonly #shared = new Map<string, Scalar>()
  readonly add: Binary = this.#binary('add')
  readonly sub: Binary = this.#binary('sub')
  readonly div: Binary = this.#binary('div')
  readonly idiv: Binary = this.#binary('idiv')
  readonly mod: Binary = this.#binary('mod')
  readonly max: Binary = this.#binary('max')
  readonly min: Binary = this.#binary('min')
  readonly and: Binary = this.#binary('and')
  readonly or: Binary = this.#binary('or')
  readonly xor: Binary = this.#binary('xor')
  readonly shl: Binary = this.#binary('shl')
  readonly shr: Binary = this.#binary('shr')
  readonly less: Binary = this.#binary('lt', 'bool')
  readonly equal: Binary = this.#binary('eq', 'bool')
  readonly floor: Unary = this.#unary('floor')
  readonly trunc: Unary = this.#unary('trunc')
  readonly sqrt: Unary = this.#unary('sqrt')
  readonly sin: Unary = this.#unary('sin')
  readonly exp2: Unary = this.#unary('exp2')
  readonly log2: Unary = this.#unary('log2')

  constructor(native: readonly ScalarFunction[]) {
    this.#native = new Set(native)
  }

  /** A number as `dtype` holds it. */
  constant(dtype: DType, number: number): Scalar {
    const value = castNumber(number, dtype)
    const text = Object.is(value, -0) ? '-0' : String(value)
    return this.#share(`c ${dtype} ${text}`, { kind: 'constant', dtype, value })
  }

  argument(dtype: DType, argument: number): Scalar {
    return this.#share(`a ${argument}`, { kind: 'argument', dtype, argument })
  }

  load(dtype: DType, array: number, index: Index, within: readonly Range[]): Scalar {
    const key = `l ${array} ${index.id} ${rangesKey(within)}`
    return this.#share(key, { kind: 'load', dtype, array, index, within })
  }

  /** An element at a computed place, see `GatherScalar`. */
  gather(
    dtype: DType,
    array: number,
    index: Index,
    offset: Scalar,
    within: readonly Range[],
  ): Scalar {
    const key = `g ${array} ${index.id} ${offset.id} ${rangesKey(within)}`
    return this.#share(key, { kind: 'gather', dtype, array, index, offset, within })
  }

  /** The index as an int32. */
  index(index: Index): Scalar {
    if (index.isConstant) return this.constant('int32', index.constant)
    return this.#share(`i ${index.id}`, { kind: 'index', dtype: 'int32', index })
  }

  /** Whether all ranges hold. */
  inside(ranges: readonly Range[]): Scalar {
    const within = simplifyRanges(ranges)
    if (within === 'never') return this.constant('bool', 0)
    if (within.length === 0) return this.constant('bool', 1)
    return this.#share(`w ${rangesKey(within)}`, { kind: 'inside', dtype: 'bool', within })
  }

  /** `body` combined over `axis`, which has `extent` points (an axis of one point is undefined). */
  reduce(combiner: Combiner, axis: Axis | undefined, extent: number, body: Scalar): Scalar {
    const { dtype } = body
    if (extent === 0) return this.constant(dtype, identityOf(combiner, dtype))
    if (axis === undefined) return body
    const key = `r ${combiner} ${axis.id} ${body.id}`
    return this.#share(key, { kind: 'reduce', dtype, combiner, axis, body })
  }

  mul(a: Scalar, b: Scalar | number): Scalar {
    const right = this.#operand(b, a.dtype)
    if (right.kind === 'constant' && right.value === 1) return a
    if (a.kind === 'constant' && a.value === 1) return right
    return this.#apply('mul', a.dtype, [a, right])
  }

  not(a: Scalar): Scalar {
    return this.xor(a, 1)
  }

  where(condition: Scalar, x: Scalar | number, y: Scalar | number): Scalar {
    const dtype = typeof x === 'object' ? x.dtype : typeof y === 'object' ? y.dtype : 'float32'
    const [left, right] = [this.#operand(x, dtype), this.#operand(y, dtype)]
    if (condition.kind === 'constant') return condition.value === 0 ? right : left
    if (left === right) return left
    if (isMaskedBy(left, condition) && isZero(right)) return left
    return this.#apply('where', dtype, [condition, left, right])
  }

  cast(a: Scalar, dtype: DType): Scalar {
    if (a.dtype === dtype) return a
    const [widened] = a.kind === 'apply' && a.instruction === 'cast' ? a.args : []
    // What is float16 already is not rounded again.
    if (dtype === 'float16' && widened?.dtype === dtype) return widened
    return this.#apply('cast', dtype, [a])
  }

  bitcast(a: Scalar, dtype: 'float32' | 'int32'): Scalar {
    return a.dtype === dtype ? a : this.#apply('bitcast', dtype, [a])
  }

  /**
   * A scalar function of one float: native where the backend has it, else its expansion.
   *
   * @throws BackendError for float64 without a native function: expansions are made for float32.
   */
  call(name: ScalarFunction, a: Scalar): Scalar {
    if (this.#native.has(name)) return this.#apply(name, a.dtype, [a])
    if (a.dtype === 'float32') return expansions[name](this, a)
    throw new BackendError(name, {
      got: `${a.dtype} on a backend that has no ${name} of its own`,
      wanted: 'float32',
      hint: 'a backend that lists float64 must list all functions in its capabilities',
    })
  }

  #unary(instruction: Instruction): Unary {
    return (a) => this.#apply(instruction, a.dtype, [a])
  }

  #binary(instruction: Instruction, result?: DType): Binary {
    return (a, b) => this.#apply(instruction, result ?? a.dtype, [a, this.#operand(b, a.dtype)])
  }

  #operand(value: Scalar | number, dtype: DType): Scalar {
    return typeof value === 'number' ? this.constant(dtype, value) : value
  }

  #apply(instruction: Instruction | ScalarFunction, dtype: DType, args: Scalar[]): Scalar {
    const folded = foldConstants(instruction, dtype, args)
    if (folded !== undefined) return this.constant(dtype, folded)
    const key = `${instruction} ${dtype} ${args.map((arg) => arg.id).join(' ')}`
    return this.#share(key, { kind: 'apply', dtype, instruction, args })
  }

  #share(key: string, scalar: Unnumbered): Scalar {
    const known = this.#shared.get(key)
    if (known !== undefined) return known
    const made: Scalar = { ...scalar, id: this.#shared.size }
    this.#shared.set(key, made)
    return made
  }
}

function rangesKey(ranges: readonly Range[]): string {
  return ranges.map((range) => `${range.index.id}:${range.low}:${range.high}`).join(',')
}

/** A load that is already 0 wherever `condition` does not hold. */
function isMaskedBy(scalar: Scalar, condition: Scalar): boolean {
  return (
    (scalar.kind === 'load' || scalar.kind === 'gather') &&
    condition.kind === 'inside' &&
    condition.within.every((range) =>
      scalar.within.some(
        (own) => own.index === range.index && own.low >= range.low && own.high <= range.high,
      ),
    )
  )
}

function isZero(scalar: Scalar): boolean {
  return scalar.kind === 'constant' && Object.is(scalar.value, 0)
}

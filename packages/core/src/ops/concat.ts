import type { DType } from '../dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import type { Tensor, TensorSpec } from '../graph/tensor.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { formatShape, normalizeAxis, type Shape, sameShape } from '../shape.ts'
import { checkTensor } from './check-tensor.ts'
import { defineOp } from './define-op.ts'
import { sliceAlong } from './slice.ts'

/**
 * Parts of one op at most: an element is chosen among all parts, so that many are joined in groups,
 * and groups of groups.
 */
const maxParts = 8

/** Where along the axis each part begins. */
function startsOf(parts: readonly TensorSpec[], axis: number): number[] {
  let next = 0
  return parts.map(({ shape }) => {
    const start = next
    next += shape[axis] ?? 0
    return start
  })
}

const concatOp = defineOp<string, { axis: number }>({
  name: 'concat',
  infer: (inputs, { axis }) => {
    const parts = Object.values(inputs)
    const length = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0)
    const [first] = parts
    return {
      shape: first?.shape.with(axis, length) ?? [],
      dtype: first?.dtype ?? 'float32',
    }
  },
  // Chosen, not added: ∞ and NaN stay in their part, and −0 keeps its sign.
  lower: (inputs, { at, attributes: { axis }, scalar, space, guarded, dtype }) => {
    const parts = Object.values(inputs)
    const starts = startsOf(parts, axis)
    return parts.reduceRight<Scalar>(
      (rest, part, i) => {
        const index = (at[axis] ?? space.constant(0)).sub(starts[i] ?? 0)
        const ranges = [{ index, low: 0, high: part.shape[axis] ?? 0 }]
        const element = guarded(ranges, () => part.at(...at.with(axis, index)), 0)
        return i === parts.length - 1 ? element : scalar.where(scalar.inside(ranges), element, rest)
      },
      scalar.constant(dtype, 0),
    )
  },
  vjp: (dy, inputs, { attributes: { axis } }) => {
    const starts = startsOf(Object.values(inputs), axis)
    return Object.fromEntries(
      Object.entries(inputs).map(([name, { shape }], i) => {
        return [name, sliceAlong(dy, axis, starts[i] ?? 0, shape[axis] ?? 0)]
      }),
    )
  },
})

/**
 * Tensors one behind the other along `axis`, which is the only one whose sizes may differ.
 *
 * @throws ArgumentError for no tensors, DTypeError for several dtypes, ShapeError for a wrong axis
 * or for other sizes that differ.
 * @example
 * ```ts
 * const table = concat([tensor([[1, 2]]), tensor([[3, 4], [5, 6]])])
 * await table.array() // [[1, 2], [3, 4], [5, 6]]
 * ```
 */
export function concat<D extends DType>(tensors: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const [first] = checkParts('concat', tensors)
  const along = normalizeAxis('concat', axis, first.rank)
  for (const [i, part] of tensors.entries()) checkFits(first.shape, part.shape, i, along)
  const filled = tensors.filter(({ shape }) => (shape[along] ?? 0) > 0)
  return join(filled.length === 0 ? [first] : filled, along)
}

function join<D extends DType>(parts: readonly Tensor<D>[], axis: number): Tensor<D> {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  if (parts.length > maxParts) {
    const groups = Math.min(maxParts, Math.ceil(parts.length / maxParts))
    const bounds = Array.from({ length: groups + 1 }, (_, i) =>
      Math.round((i * parts.length) / groups),
    )
    return join(
      bounds.slice(1).map((end, i) => join(parts.slice(bounds[i], end), axis)),
      axis,
    )
  }
  return concatOp.apply<D>(Object.fromEntries(parts.map((part, i) => [`x${i}`, part])), { axis })
}

/** The tensors, of which there is one at least, or an error in the name of `op`. */
export function checkParts<D extends DType>(
  op: string,
  tensors: readonly Tensor<D>[],
): [Tensor<D>, ...Tensor<D>[]] {
  const given: unknown = tensors
  if (!Array.isArray(given)) {
    throw new ArgumentError(op, {
      got: 'tensors that are no array',
      wanted: 'an array of tensors',
      hint: `${op}([a, b])`,
    })
  }
  const [first, ...rest] = tensors.map((part, i) => checkTensor(op, `tensors[${i}]`, part))
  if (first === undefined)
    throw new ArgumentError(op, { got: 'no tensors', wanted: 'at least one' })
  const other = rest.find(({ dtype }) => dtype !== first.dtype)
  if (other !== undefined) {
    throw new DTypeError(op, {
      got: `tensors of ${first.dtype} and ${other.dtype}`,
      wanted: 'one dtype',
      hint: `cast the others to ${first.dtype}`,
    })
  }
  return [first, ...rest]
}

function checkFits(first: Shape, shape: Shape, part: number, axis: number): void {
  if (sameBeside(shape, first, axis)) return
  throw new ShapeError('concat', {
    got: `tensors[0] is ${formatShape(first)} and tensors[${part}] is ${formatShape(shape)}`,
    wanted: `shapes that differ along axis ${axis} only`,
  })
}

/** Whether two shapes are the same but for the size of `axis`. */
export function sameBeside(a: Shape, b: Shape, axis: number): boolean {
  return a.length === b.length && sameShape(a.toSpliced(axis, 1), b.toSpliced(axis, 1))
}

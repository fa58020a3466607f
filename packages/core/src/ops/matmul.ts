import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import { linkOp } from '../graph/link-op.ts'
import type { Tensor } from '../graph/tensor.ts'
import { broadcastShapes, formatShape, type Shape } from '../shape.ts'
import { defineOp, type Op } from './define-op.ts'
import { checkFactors } from './number.ts'
import { reshape } from './reshape.ts'
import { broadcastTo } from './sum.ts'
import { transpose } from './transpose.ts'

const matmulOp: Op<'a' | 'b', Record<never, never>> = defineOp({
  name: 'matmul',
  infer: ({ a, b }) => ({
    shape: [...a.shape.slice(0, -1), b.shape.at(-1) ?? 1],
    dtype: a.dtype,
  }),
  lower: ({ a, b }, { at, scalar, reduce, space }) => {
    const batch = at.slice(0, -2)
    const [i = space.constant(0), j = space.constant(0)] = at.slice(-2)
    return reduce('sum', [a.shape.at(-1) ?? 1], ([k = space.constant(0)]) =>
      scalar.mul(a.at(...batch, i, k), b.at(...batch, k, j)),
    )
  },
  vjp: (dy, { a, b }) => ({
    a: matmulOp.apply({ a: dy, b: swapLast(b) }, {}),
    b: matmulOp.apply({ a: swapLast(a), b: dy }, {}),
  }),
})

/**
 * Matrix product `a [..., m, k] · b [..., k, n]` → `[..., m, n]`. Leading axes broadcast; a vector
 * on the left is a row, on the right a column, and its axis is dropped from the result.
 *
 * @throws ShapeError if the inner sizes differ, DTypeError if the dtypes do or are
 * neither floats nor int32.
 * @example
 * ```ts
 * import { matmul, tensor } from '@tensorweft/core'
 *
 * const y = matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1]))
 * ```
 */
export function matmul<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>>): Tensor<D> {
  checkOperands(a, b)
  const row = a.rank === 1
  const column = b.rank === 1
  const left = row ? reshape(a, [1, ...a.shape]) : a
  const right = column ? reshape(b, [...b.shape, 1]) : b
  const batch = broadcastShapes('matmul', left.shape.slice(0, -2), right.shape.slice(0, -2))
  const product = matmulOp.apply<D>(
    {
      a: broadcastTo(left, [...batch, ...left.shape.slice(-2)]),
      b: broadcastTo(right, [...batch, ...right.shape.slice(-2)]),
    },
    {},
  )
  if (!row && !column) return product
  return reshape(product, [
    ...batch,
    ...(row ? [] : left.shape.slice(-2, -1)),
    ...(column ? [] : right.shape.slice(-1)),
  ])
}

function checkOperands<D extends DType>(a: Tensor<D>, b: Tensor<D>): void {
  checkFactors('matmul', a, b)
  const inner = [a.shape.at(-1), b.shape.at(b.rank === 1 ? -1 : -2)]
  if (inner[0] === undefined || inner[0] !== inner[1]) {
    throw new ShapeError('matmul', {
      got:
        `a is ${formatShape(a.shape)} and b is ${formatShape(b.shape)}; ` +
        `the inner sizes ${inner[0]} and ${inner[1]} differ`,
      wanted: 'equal inner sizes',
      ...hintFor(a.shape, b.shape),
    })
  }
}

function hintFor(a: Shape, b: Shape): { hint?: string } {
  if (a.length === 0 || b.length === 0) return { hint: 'use mul for a scalar' }
  if (b.length > 1 && a.at(-1) === b.at(-1)) return { hint: 'transpose b' }
  if (a.length > 1 && a.at(-2) === b.at(-2)) return { hint: 'transpose a' }
  return {}
}

function swapLast<D extends DType>(x: Tensor<D>): Tensor<D> {
  const axes = x.shape.map((_, axis) => axis)
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2])
}

linkOp(matmul, matmulOp)

import type { ContractKernel, DType } from '@tensorweft/core'
import { affine, load, type PlanBuilder, type Random } from '@tensorweft/testkit/plans'

export type ProductShape = readonly [batch: number, m: number, n: number, k: number]

/** Strides of the left and the right operand and of the result over [batch, m, n, k]. */
export type Layout = readonly [readonly number[], readonly number[], readonly number[]]

/** Operands that are contiguous along K or not, and a result that is along N, then one along M. */
export function layoutsOf([, m, n, k]: ProductShape): Layout[] {
  const left = [
    [m * k, k, 0, 1],
    [m * k, 1, 0, m],
  ]
  const right = [
    [n * k, 0, k, 1],
    [n * k, 0, 1, n],
  ]
  const along = [m * n, n, 1, 0]
  const across = [m * n, 1, m, 0]
  return [
    ...left.flatMap((l) => right.map((r): Layout => [l, r, along])),
    [left[0] ?? [], right[1] ?? [], across],
  ]
}

export function productKernel(
  label: string,
  dtype: DType,
  shape: ProductShape,
  [left, right, result]: Layout,
  slots: readonly number[],
): ContractKernel {
  return {
    kind: 'contract',
    label,
    axes: shape,
    operands: slots.map((slot) => ({ slot, dtype })),
    batch: [0],
    m: [1],
    n: [2],
    k: [3],
    left: { program: [load(dtype, 0, affine(left))] },
    right: { program: [load(dtype, 1, affine(right))] },
    epilogue: [{ op: 'reduced', dtype, reduction: 0 }],
    stores: [{ value: 0, operand: 2, index: affine(result) }],
  }
}

/** Adds a product of random matrices to a plan. */
export function addProduct(
  builder: PlanBuilder,
  random: Random,
  dtype: DType,
  shape: ProductShape,
  layout: Layout,
): void {
  const [batch, m, n, k] = shape
  const values = (size: number) =>
    Array.from({ length: size }, () =>
      dtype === 'float32' ? random.uniform() * 2 - 1 : random.integer(0, 255),
    )
  const slots = [
    builder.input(dtype, values(batch * m * k)),
    builder.input(dtype, values(batch * n * k)),
    builder.output(dtype, batch * m * n),
  ]
  const label = `product ${dtype} [${shape}] of strides ${layout.join(' | ')}`
  builder.add(productKernel(label, dtype, shape, layout, slots))
}

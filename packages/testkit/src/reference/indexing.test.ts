import { cumProd, gather, prod, scatterAdd, sort, tensor } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { exactly } from './approximation.ts'
import { cumProd as cumulativeProducts } from './cumulative.ts'
import { evaluateReference } from './evaluate.ts'
import { gather as gatherRule } from './indexing.ts'
import { argSort } from './sorting.ts'

const uncertain = (values: number[], radii: number[]) => ({
  ...exactly([values.length], 'float32', values),
  radii: Float64Array.from(radii),
})
const int32 = (values: number[]) => tensor(values, { dtype: 'int32' })

async function valuesOf(...tensors: Parameters<typeof evaluateReference>[0]) {
  return (await evaluateReference(tensors)).map(({ values }) => [...values])
}

describe('the reference', () => {
  test('reads and adds at indices, along any axis', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const rows = gather(x, int32([1, 1, 0]))
    const columns = gather(x, int32([2, 0]), 1)
    const added = scatterAdd(x, int32([0, 0]), tensor([10, 20, 30, 40], { shape: [2, 2] }), 1)
    expect(await valuesOf(rows, columns, added)).toEqual([
      [4, 5, 6, 4, 5, 6, 1, 2, 3],
      [3, 1, 6, 4],
      [31, 2, 3, 74, 5, 6],
    ])
  })

  test('has NaN beyond the ends of floats, and 0 of integers', () => {
    const indices = exactly([2], 'int32', [3, -1])
    for (const [dtype, outside] of [
      ['float32', Number.NaN],
      ['int32', 0],
    ] as const) {
      const x = exactly([3], dtype, [1, 2, 3])
      expect([...gatherRule(x, indices, [2], { axis: 0 }).values]).toEqual([outside, outside])
    }
  })

  test('sorts with NaN last, and multiplies along an axis', async () => {
    const x = tensor([3, Number.NaN, -1, 2])
    const factors = tensor([2, 3, -1, 5])
    expect(
      await valuesOf(sort(x), sort(x, 0, { descending: true }), cumProd(factors), prod(factors)),
    ).toEqual([[-1, 2, 3, Number.NaN], [3, 2, -1, Number.NaN], [2, 6, -6, -30], [-30]])
  })

  test('does not know the order of what may be equal', () => {
    const order = (radii: number[]) => {
      return argSort(uncertain([3, 1, 2], radii), { axis: 0, descending: false })
    }
    expect([...order([0.4, 0.4, 0.4]).radii]).toEqual([0, 0, 0])
    expect([...order([0.6, 0.1, 0.6]).radii]).toEqual([0, Infinity, Infinity])
    expect([...order([0.1, 3, 0.1]).radii]).toEqual([Infinity, Infinity, Infinity])
  })

  test('knows products as well as their factors', () => {
    const { values, radii } = cumulativeProducts(uncertain([2, 3, 0], [0.1, 0.2, 0]), { axis: 0 })
    expect([...values]).toEqual([2, 6, 0])
    expect(radii[0]).toBeGreaterThanOrEqual(0.1)
    // (2 + 0.1) (3 + 0.2) − 6
    expect(radii[1]).toBeGreaterThanOrEqual(0.72)
    expect(radii[1]).toBeLessThan(0.7201)
    expect(radii[2]).toBeLessThan(1e-30)
  })
})

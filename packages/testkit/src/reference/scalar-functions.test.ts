import { cos, div, erfInv, floorDiv, matmul, mod, sin, tan, tensor } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { evaluateReference } from './evaluate.ts'

async function evaluated(...tensors: Parameters<typeof evaluateReference>[0]) {
  const all = await evaluateReference(tensors)
  return all.map(({ values, radii }) => ({ values: [...values], radii: [...radii] }))
}

/** A third of each number, which rounding leaves uncertain. */
const third = (...values: number[]) => div(tensor(values), 3)

const unknown = Number.POSITIVE_INFINITY

describe('the reference', () => {
  test('knows remainders where the quotient stays between integers', async () => {
    const [exact, inside, across, large] = await evaluated(
      mod(tensor([7, -7]), tensor([3, 3])),
      mod(third(7), 2),
      mod(third(3), third(1)),
      mod(tensor([1e10, 1e10]), tensor([0.125, 4096])),
    )
    expect(exact).toEqual({ values: [1, 2], radii: [0, 0] })
    expect(inside?.values[0]).toBeCloseTo(1 / 3)
    expect(inside?.radii[0]).toBeLessThan(1e-5)
    expect(across?.radii).toEqual([unknown])
    expect(large?.radii).toEqual([unknown, 0])
  })

  test('knows integers modulo any integer', async () => {
    const [a, b] = [
      [7, 2147483647, -1],
      [0, -2, 2147483647],
    ].map((values) => tensor(values, { dtype: 'int32' }))
    if (a === undefined || b === undefined) throw new Error('no operands')
    expect(await evaluated(mod(a, b), floorDiv(a, b))).toEqual([
      { values: [0, -1, 2147483646], radii: [0, 0, 0] },
      { values: [0, -1073741824, -1], radii: [0, 0, 0] },
    ])
  })

  test('follows waves over short intervals and up to large angles', async () => {
    const wide = third(1)
      .sub(1 / 3)
      .mul(1e8)
    const [narrow, ofWide, ofLarge, ofPole] = await evaluated(
      sin(third(1)),
      cos(wide),
      sin(tensor([30_000, 40_000, Number.POSITIVE_INFINITY])),
      tan(third(Math.fround(Math.PI * 1.5))),
    )
    expect(narrow?.radii[0]).toBeLessThan(1e-5)
    expect(ofWide?.radii).toEqual([unknown])
    expect(ofLarge?.radii.map((radius) => radius === unknown)).toEqual([false, true, false])
    expect(ofPole?.radii).toEqual([unknown])
  })

  test('knows the inverse error function as far as single precision goes', async () => {
    const x = tensor([0.5, 1 - 2 ** -30, 1], { dtype: 'float64' })
    const [result] = await evaluated(erfInv(x))
    expect(result?.radii.map((radius) => radius === unknown)).toEqual([false, true, false])
  })

  test('wraps products of integers', async () => {
    const a = tensor([1009515538, -932227507, 1436188672], { dtype: 'int32' })
    const b = tensor([-1284468965, 1005322331, -1851229433], { dtype: 'int32' })
    expect(await evaluated(matmul(a, b))).toEqual([{ values: [-392507067], radii: [0] }])
  })
})

import { describe, expect, test } from 'vitest'
import { type Axis, type Index, IndexSpace, type SplitAxes, splitAxes, unflatten } from './index.ts'
import { Random } from './random.testing.ts'
import { chainsOf } from './split-points.ts'

const axisOf = (index: Index): Axis => {
  if (index.asAxis === undefined) throw new Error(`${index} is no axis`)
  return index.asAxis
}
const sizes = (split: SplitAxes, index: Index): number[] | undefined =>
  split.parts.get(axisOf(index))?.map((axis) => axis.size)

describe('splitAxes', () => {
  test('splits at the boundaries of digits', () => {
    const space = new IndexSpace()
    const t = space.axis(24, 't')
    const [row = t, column = t] = unflatten(t, [4, 6])
    const split = splitAxes([t, column.mul(4).add(row)])
    expect(split.indices.map(String)).toEqual(['6*t_0 + t_1', 't_0 + 4*t_1'])
    expect(sizes(split, t)).toEqual([4, 6])
    expect(split.substitution.get(axisOf(t))).toBe(split.indices[0])
  })

  test('leaves axes whole that need no split, with entries in both maps', () => {
    const space = new IndexSpace()
    const t = space.axis(24, 't')
    const r = space.axis(6, 'r')
    const split = splitAxes([t.mod(4), r.mul(2)])
    expect(split.parts.get(axisOf(r))).toEqual([axisOf(r)])
    expect(split.substitution.get(axisOf(r))).toBe(r)
    expect(sizes(split, t)).toEqual([6, 4])
    expect(splitAxes([])).toEqual({ indices: [], substitution: new Map(), parts: new Map() })
  })

  test('splits parts again where that uncovers digits', () => {
    const space = new IndexSpace()
    const t = space.axis(48, 't')
    const swapped = t.mod(8).mul(6).add(t.floorDiv(8))
    const split = splitAxes([t, swapped.mod(12), swapped.floorDiv(12)])
    expect(split.indices.every((index) => index.isAffine)).toBe(true)
    expect(sizes(split, t)).toEqual([6, 4, 2])
  })

  test('of boundaries without a common chain, takes those that make most loads affine', () => {
    const space = new IndexSpace()
    const t = space.axis(24, 't')
    const split = splitAxes([t, t.floorDiv(4), t.mod(4).mul(6), t.digit(6, 2)])
    expect(split.indices.map((index) => index.isAffine)).toEqual([true, true, true, false])
    expect(sizes(split, t)).toEqual([2, 3, 4])
    const other = splitAxes([t, t.floorDiv(4), t.floorDiv(6), t.mod(6)])
    expect(other.indices.map((index) => index.isAffine)).toEqual([true, false, true, true])
  })

  test('does not split where no digit goes away', () => {
    const space = new IndexSpace()
    const t = space.axis(36, 't')
    const skew = splitAxes([t, t.mod(7)])
    expect(skew.indices).toEqual([t, t.mod(7)])
    expect(sizes(skew, t)).toEqual([36])
  })

  test('splits only the axes that it may', () => {
    const space = new IndexSpace()
    const t = space.axis(12, 't')
    const r = space.axis(12, 'r')
    const split = splitAxes([t.mod(4), r.mod(4)], { axes: new Set([axisOf(r)]) })
    expect(sizes(split, t)).toEqual([12])
    expect(sizes(split, r)).toEqual([3, 4])
  })

  test('a roll by half an axis is affine', () => {
    const space = new IndexSpace()
    const t = space.axis(8, 't')
    const split = splitAxes([t, t.add(4).mod(8)])
    expect(split.indices.map(String)).toEqual(['4*t_0 + t_1', '-4*t_0 + t_1 + 4'])
  })

  test('parts iterate in the order of the axis, and the substitution holds at every point', () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = new Random(seed)
      const space = new IndexSpace()
      const t = space.axis(random.pick([12, 24, 36, 48]), 't')
      const digit = () => t.digit(random.pick([1, 2, 3, 4, 6]), random.pick([2, 3, 4, 6]))
      const loads = [t, digit().mul(5).add(digit()), digit().add(digit().mul(3)).floorDiv(2)]
      const split = splitAxes(loads)
      const parts = split.parts.get(axisOf(t)) ?? []
      for (let value = 0; value < axisOf(t).size; value++) {
        const values = new Map<Axis, number>()
        let rest = value
        for (const part of [...parts].reverse()) {
          values.set(part, rest % part.size)
          rest = Math.floor(rest / part.size)
        }
        const at = (axis: Axis): number => values.get(axis) ?? 0
        expect(rest).toBe(0)
        expect(split.substitution.get(axisOf(t))?.evaluate(at)).toBe(value)
        for (const [i, load] of loads.entries()) {
          expect(split.indices[i]?.evaluate(at)).toBe(load.evaluate(() => value))
          expect(load.substitute(split.substitution).evaluate(at)).toBe(load.evaluate(() => value))
        }
      }
    }
  })
})

test('chainsOf finds the maximal chains of divisors', () => {
  expect(chainsOf([2, 4, 8])).toEqual([[2, 4, 8]])
  expect(chainsOf([4, 6])).toEqual([[4], [6]])
  expect(chainsOf([2, 3, 4, 6, 12])).toEqual([
    [2, 4, 12],
    [2, 6, 12],
    [3, 6, 12],
  ])
  expect(chainsOf([])).toEqual([[]])
})

import { describe, expect, test } from 'vitest'
import { type Axis, type Index, IndexSpace, type SplitAxes, splitAxes, unflatten } from './index.ts'
import { mergeParts } from './merge-parts.ts'
import { Random } from './random.testing.ts'
import { chainsOf, splitPointsOf } from './split-points.ts'

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

  test('more affine loads count more than fewer digits', () => {
    const space = new IndexSpace()
    const t = space.axis(36, 't')
    const many = t.mod(9).mul(5).add(t.floorDiv(9).mul(11)).add(t.digit(3, 3).mul(100))
    // At 3 and 9 two digits would be left, in two loads; at 4 three are, in one.
    const split = splitAxes([t, t.floorDiv(4), t.mod(4).mul(5), many])
    expect(split.indices.map((index) => index.isAffine)).toEqual([true, true, true, false])
    expect(sizes(split, t)).toEqual([9, 4])
  })

  test('an axis is left whole whose split would only move a digit elsewhere', () => {
    const space = new IndexSpace()
    const t = space.axis(12, 't')
    const r = space.axis(8, 'r')
    const split = splitAxes([t.mod(4), r.mul(3).add(1).floorDiv(4)])
    expect(sizes(split, t)).toEqual([3, 4])
    expect(sizes(split, r)).toEqual([8])
    expect(splitAxes([r.mul(3).add(1).floorDiv(4)]).parts.get(axisOf(r))).toEqual([axisOf(r)])
  })

  test('does not split where no digit goes away', () => {
    const space = new IndexSpace()
    const t = space.axis(36, 't')
    const skew = splitAxes([t, t.mod(7)])
    expect(skew.indices).toEqual([t, t.mod(7)])
    expect(sizes(skew, t)).toEqual([36])
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

test('splitPointsOf finds the steps of an axis that move its expression by whole periods', () => {
  const space = new IndexSpace()
  const a = space.axis(24, 'a')
  const b = space.axis(6, 'b')
  const points = (index: Index) => splitPointsOf([index]).get(axisOf(a))
  expect(points(a.digit(4, 3))).toEqual([4, 12])
  expect(points(a.mul(4).add(b).floorDiv(8))).toEqual([2])
  expect(points(a.add(2).floorDiv(10))).toEqual([8])
  expect(points(a.floorDiv(7))).toBeUndefined()
  expect(points(b.floorDiv(2))).toBeUndefined()
})

test('mergeParts joins neighbours through which everything moves as through one axis', () => {
  const space = new IndexSpace()
  const [outer, middle, inner] = [space.axis(5), space.axis(3), space.axis(4)]
  const t = axisOf(space.axis(60))
  const parts = new Map([[t, [outer, middle, inner].map(axisOf)]])
  const sizesFor = (...indices: Index[]) =>
    mergeParts(space, indices, parts)
      .parts.get(t)
      ?.map((axis) => axis.size)

  const joined = middle.mul(4).add(inner)
  expect(sizesFor(outer.mul(12).add(joined), outer.add(joined.mul(5)))).toEqual([5, 12])
  expect(sizesFor(outer.mul(12).add(joined), joined.mul(5))).toEqual([5, 12])
  expect(sizesFor(outer.mul(3).add(middle))).toEqual([15, 4])
  expect(sizesFor(outer.mul(12).add(joined), joined.floorDiv(5))).toEqual([5, 12])
  expect(sizesFor(outer.mul(12).add(joined), middle.add(inner).floorDiv(5))).toEqual([5, 3, 4])
  const whole = mergeParts(space, [outer.mul(12).add(joined).mul(2)], parts)
  expect(whole.parts.get(t)).toEqual([t])
  expect(whole.indices).toEqual([space.atom(t).mul(2)])
})

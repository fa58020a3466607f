import { describe, expect, test } from 'vitest'
import { flatten, IndexSpace, unflatten } from './index.ts'
import { floorDivide, floorModulo } from './integer.ts'
import { Random } from './random.testing.ts'

describe('IndexSpace', () => {
  test('equal expressions are the same object', () => {
    const space = new IndexSpace()
    const i = space.axis(8, 'i')
    const j = space.axis(4, 'j')
    expect(i.add(j)).toBe(j.add(i))
    expect(i.add(j).sub(i)).toBe(j)
    expect(i.sub(i)).toBe(space.constant(0))
    expect(i.mul(2).add(3)).toBe(
      space.sum(
        [
          [i, 1],
          [i, 1],
        ],
        3,
      ),
    )
    expect(i.mod(4)).toBe(i.digit(1, 4))
    expect(i.mul(0)).toBe(space.constant(0))
    expect(Object.is(i.mul(-1).sub(0).add(i).constant, 0)).toBe(true)
    expect(Object.is(i.mul(-1).constant, 0)).toBe(true)
    expect(Object.is(space.constant(-0).constant, 0)).toBe(true)
  })

  test('axes of size 1 and 0 are the constant 0', () => {
    const space = new IndexSpace()
    expect(space.axis(1)).toBe(space.constant(0))
    expect(space.axis(0)).toBe(space.constant(0))
    expect(space.axis(2).asAxis?.size).toBe(2)
  })

  test('axes are fresh even where they look alike', () => {
    const space = new IndexSpace()
    expect(space.axis(4, 'i')).not.toBe(space.axis(4, 'i'))
  })

  test('expressions of two spaces do not mix', () => {
    const i = new IndexSpace().axis(4, 'i')
    const j = new IndexSpace().axis(4, 'j')
    expect(() => i.add(j)).toThrow('two spaces')
    expect(() => i.space.sum([[j, 1]])).toThrow('two spaces')
  })

  test('operands that are no positive integers are refused', () => {
    const space = new IndexSpace()
    const i = space.axis(4, 'i')
    expect(() => i.floorDiv(0)).toThrow('divisor 0')
    expect(() => i.floorDiv(-2)).toThrow('divisor -2')
    expect(() => i.mod(1.5)).toThrow('modulus 1.5')
    expect(() => i.mul(0.5)).toThrow('integers')
    expect(() => i.add(0.5)).toThrow('integers')
    expect(() => space.axis(-1)).toThrow('size -1')
    expect(() => space.axis(2 ** 53)).toThrow('size')
  })
})

describe('Index', () => {
  const space = new IndexSpace()
  const i = space.axis(8, 'i')
  const j = space.axis(5, 'j')

  test('rounds down for negative values', () => {
    const quotient = i.sub(3).floorDiv(2)
    const rest = i.mul(-1).add(7).sub(j).mod(4)
    for (let a = 0; a < 8; a++) {
      expect(quotient.evaluate(() => a)).toBe(Math.floor((a - 3) / 2))
      for (let b = 0; b < 5; b++) {
        const value = rest.evaluate((axis) => (axis === i.asAxis ? a : b))
        expect(value).toBe((7 - a - b + 16) % 4)
      }
    }
    expect([quotient.min, quotient.max]).toEqual([-2, 2])
  })

  test('knows its axes, coefficients and whether it is affine', () => {
    const index = i.mul(3).add(j.add(i).mod(4)).sub(2)
    const [a, b] = [i.asAxis, j.asAxis]
    if (a === undefined || b === undefined) throw new Error('axes expected')
    expect([...index.axes()]).toEqual([a, b])
    expect([index.coefficientOf(a), index.coefficientOf(b)]).toEqual([3, 0])
    expect([index.isAffine, index.isConstant, i.sub(j).isAffine]).toEqual([false, false, true])
    expect([space.constant(4).isConstant, space.constant(4).isAffine]).toEqual([true, true])
    expect(index.asAxis ?? i.add(1).asAxis ?? i.mul(2).asAxis).toBeUndefined()
  })

  test('substitution simplifies', () => {
    const a = i.asAxis
    if (a === undefined) throw new Error('axis expected')
    const high = space.axis(2, 'high')
    const low = space.axis(4, 'low')
    const index = i.floorDiv(4).add(i.mod(4).mul(2)).add(j)
    const split = index.substitute(new Map([[a, high.mul(4).add(low)]]))
    expect(split).toBe(high.add(low.mul(2)).add(j))
    expect(index.substitute(new Map())).toBe(index)
  })

  test('reads as arithmetic', () => {
    expect(`${i.mul(-1).add(j.mul(2)).sub(1)}`).toBe('-i + 2*j - 1')
    expect(`${i.add(j).digit(2, 3).add(1)}`).toBe('(i + j)/2%3 + 1')
    expect(`${i.mod(5).mul(-2)}`).toBe('-2*i%5')
    expect(`${space.constant(-3)}`).toBe('-3')
  })
})

describe('values up to 2^53', () => {
  test('a flat index over 2^52 elements comes apart exactly and joins again', () => {
    const space = new IndexSpace()
    const shape = [2 ** 20, 3, 2 ** 15, 2 ** 15]
    const flat = space.axis(3 * 2 ** 50, 'flat')
    const indices = unflatten(flat, shape)
    expect(flatten(indices, shape, space)).toBe(flat)
    const last = 3 * 2 ** 50 - 1
    expect(indices.map((index) => index.evaluate(() => last))).toEqual(shape.map((n) => n - 1))
  })

  test('division and remainder are exact', () => {
    const random = new Random(1)
    for (let n = 0; n < 20_000; n++) {
      // Next to a multiple, where rounding would hurt.
      const divisor = random.integer(1, 2 ** random.integer(1, 52))
      const multiple = divisor * random.integer(1, Math.floor((2 ** 53 - 2) / divisor))
      const value = random.pick([1, -1]) * multiple + random.integer(-1, 1)
      const exact = BigInt(value) / BigInt(divisor)
      const floor = BigInt(value) % BigInt(divisor) < 0n ? exact - 1n : exact
      expect(BigInt(floorDivide(value, divisor))).toBe(floor)
      expect(BigInt(floorModulo(value, divisor))).toBe(BigInt(value) - floor * BigInt(divisor))
    }
  })

  test('what does not fit is refused, what fits survives the rules', () => {
    const space = new IndexSpace()
    const i = space.axis(2 ** 40, 'i')
    expect(() => i.mul(2 ** 20)).toThrow('no safe integers')
    const shifted = i
      .floorDiv(2 ** 20)
      .add(2 ** 50)
      .floorDiv(3)
    expect(shifted.evaluate(() => 2 ** 39)).toBe(Math.floor((2 ** 19 + 2 ** 50) / 3))
    const nested = i
      .floorDiv(2 ** 30)
      .sub(5)
      .digit(2 ** 40, 2 ** 30)
    expect(nested.evaluate(() => 0)).toBe(2 ** 30 - 1)
    expect(nested.evaluate(() => 2 ** 40 - 1)).toBe(0)
  })
})

describe('flatten and unflatten', () => {
  test('undo each other for every shape', () => {
    for (const shape of [[], [1], [7], [2, 3, 4], [1, 5], [5, 1], [1, 4, 1, 3, 1]]) {
      const space = new IndexSpace()
      const flat = space.axis(shape.reduce((product, size) => product * size, 1))
      const indices = unflatten(flat, shape)
      expect(indices.length).toBe(shape.length)
      expect(flatten(indices, shape, space)).toBe(flat)
      const axes = shape.map((size) => space.axis(size))
      expect(unflatten(flatten(axes, shape, space), shape)).toEqual(axes)
    }
  })

  test('the outermost index is not wrapped, so that padding stays visible', () => {
    const space = new IndexSpace()
    const flat = space.axis(8).sub(3)
    const [outer, inner] = unflatten(flat, [2, 4])
    expect(outer).toBe(flat.floorDiv(4))
    expect(inner).toBe(flat.mod(4))
  })

  test('shapes without elements', () => {
    const space = new IndexSpace()
    const zero = space.constant(0)
    expect(unflatten(space.axis(0), [3, 0, 2])).toEqual([zero, zero, zero])
    expect(flatten([zero, zero], [0, 3], space)).toBe(zero)
  })

  test('the number of indices must match the shape', () => {
    const space = new IndexSpace()
    expect(() => flatten([space.axis(3)], [3, 2], space)).toThrow('1 indices for rank 2')
  })
})

import { describe, expect, test } from 'vitest'
import { IndexSpace } from '../index-algebra/index.ts'
import { ScalarBuilder } from './builder.ts'
import { scalarFunction } from './evaluate.testing.ts'
import { argumentsOf, indicesOf, postOrder } from './scalar.ts'

function fixture() {
  const scalar = new ScalarBuilder([])
  const space = new IndexSpace()
  const i = space.axis(8, 'i')
  const x = scalar.argument('float32', 0)
  const y = scalar.argument('float32', 1)
  return { scalar, space, i, x, y }
}

describe('sharing', () => {
  test('equal expressions are one object', () => {
    const { scalar, x, y } = fixture()
    expect(scalar.add(x, y)).toBe(scalar.add(x, y))
    expect(scalar.add(scalar.mul(x, 2), y)).toBe(scalar.add(scalar.mul(x, 2), y))
    expect(scalar.call('exp', x)).toBe(scalar.call('exp', x))
  })

  test('different ones are not', () => {
    const { scalar, x, y } = fixture()
    expect(scalar.sub(x, y)).not.toBe(scalar.sub(y, x))
    expect(scalar.add(x, y)).not.toBe(scalar.mul(x, y))
    expect(scalar.cast(x, 'int32')).not.toBe(scalar.cast(x, 'uint8'))
  })

  test('constants are told apart exactly', () => {
    const { scalar } = fixture()
    expect(scalar.constant('float32', Number.NaN)).toBe(scalar.constant('float32', Number.NaN))
    expect(scalar.constant('float32', 0)).not.toBe(scalar.constant('float32', -0))
    expect(scalar.constant('float32', 1)).not.toBe(scalar.constant('int32', 1))
  })

  test('loads are one by array, index and guard', () => {
    const { scalar, space, i } = fixture()
    const load = scalar.load('float32', 0, i, [])
    expect(scalar.load('float32', 0, i.add(1).sub(1), [])).toBe(load)
    expect(scalar.load('float32', 1, i, [])).not.toBe(load)
    expect(scalar.load('float32', 0, i.add(1), [])).not.toBe(load)
    expect(scalar.load('float32', 0, i, [{ index: i, low: 1, high: 8 }])).not.toBe(load)
    expect(scalar.index(space.constant(3))).toBe(scalar.constant('int32', 3))
  })

  test('arguments have smaller ids', () => {
    const { scalar, x, y } = fixture()
    for (const expression of postOrder([scalar.call('tanh', scalar.mul(x, y))])) {
      for (const argument of argumentsOf(expression)) {
        expect(argument.id).toBeLessThan(expression.id)
      }
    }
  })
})

describe('folding', () => {
  test('computes on constants what the instruction computes', () => {
    const { scalar } = fixture()
    const float = (value: number) => scalar.constant('float32', value)
    expect(scalar.add(float(2), 3)).toBe(float(5))
    expect(scalar.div(float(1), 3)).toBe(float(Math.fround(1 / 3)))
    expect(scalar.max(float(Number.NaN), 1)).toBe(float(Number.NaN))
    expect(scalar.less(float(1), 2)).toBe(scalar.constant('bool', 1))
    expect(scalar.equal(float(Number.NaN), Number.NaN)).toBe(scalar.constant('bool', 0))
    expect(scalar.sqrt(float(2))).toBe(float(Math.fround(Math.SQRT2)))
    expect(scalar.floor(float(-1.5))).toBe(float(-2))
  })

  test('sees constants as the dtype holds them', () => {
    const { scalar, x } = fixture()
    const tenth = scalar.constant('float32', 0.1)
    const rounded = scalar.constant('float32', Math.fround(0.1))
    expect(scalar.equal(tenth, rounded)).toBe(scalar.constant('bool', 1))
    // The sums that run on a backend and the one that was folded are the same.
    const atRunTime = scalarFunction(scalar.mul(x, scalar.constant('float32', 0.7)))(0.1)
    expect(scalar.mul(tenth, 0.7)).toMatchObject({ kind: 'constant', value: atRunTime })
  })

  test('leaves integers that would wrap, and what backends round differently', () => {
    const { scalar } = fixture()
    const int = scalar.constant('int32', 2 ** 31 - 1)
    expect(scalar.add(int, 1).kind).toBe('apply')
    expect(scalar.add(scalar.constant('int32', 1), 2)).toBe(scalar.constant('int32', 3))
    expect(scalar.exp2(scalar.constant('float32', 0.5)).kind).toBe('apply')
    expect(scalar.log2(scalar.constant('float32', 3)).kind).toBe('apply')
  })

  test('drops factors of 1 only where that is exact', () => {
    const { scalar, x } = fixture()
    expect(scalar.mul(x, 1)).toBe(x)
    expect(scalar.mul(scalar.constant('float32', 1), x)).toBe(x)
    expect(scalar.mul(x, 0).kind).toBe('apply')
    expect(scalar.add(x, 0).kind).toBe('apply')
    expect(scalar.cast(x, 'float32')).toBe(x)
  })

  test('chooses where the condition is known or nothing is to be chosen', () => {
    const { scalar, x, y } = fixture()
    const condition = scalar.less(x, y)
    expect(scalar.where(scalar.constant('bool', 1), x, y)).toBe(x)
    expect(scalar.where(scalar.constant('bool', 0), x, y)).toBe(y)
    expect(scalar.where(condition, x, x)).toBe(x)
    expect(scalar.where(condition, 0, y)).toMatchObject({ dtype: 'float32' })
  })
})

describe('guards', () => {
  test('that always hold vanish, those that never hold are false', () => {
    const { scalar, i } = fixture()
    expect(scalar.inside([])).toBe(scalar.constant('bool', 1))
    expect(scalar.inside([{ index: i, low: 0, high: 8 }])).toBe(scalar.constant('bool', 1))
    expect(scalar.inside([{ index: i, low: 9, high: 12 }])).toBe(scalar.constant('bool', 0))
    expect(scalar.inside([{ index: i, low: 2, high: 8 }]).kind).toBe('inside')
  })

  test('are not repeated around a load that is 0 outside of them', () => {
    const { scalar, i } = fixture()
    const ranges = [{ index: i, low: 2, high: 6 }]
    const load = scalar.load('float32', 0, i, ranges)
    expect(scalar.where(scalar.inside(ranges), load, 0)).toBe(load)
    expect(scalar.where(scalar.inside(ranges), load, 1).kind).toBe('apply')
    expect(scalar.where(scalar.inside(ranges), scalar.mul(load, 2), 0).kind).toBe('apply')
  })

  test('stay around a load with wider ones', () => {
    const { scalar, i } = fixture()
    const load = scalar.load('float32', 0, i, [{ index: i, low: 1, high: 6 }])
    expect(scalar.where(scalar.inside([{ index: i, low: 2, high: 6 }]), load, 0).kind).toBe('apply')
  })
})

describe('reductions', () => {
  test('over nothing are the identity, over one point the body', () => {
    const { scalar, i, x } = fixture()
    const [axis] = i.axes()
    expect(scalar.reduce('sum', axis, 0, x)).toBe(scalar.constant('float32', 0))
    expect(scalar.reduce('prod', axis, 0, x)).toBe(scalar.constant('float32', 1))
    expect(scalar.reduce('max', axis, 0, x)).toBe(
      scalar.constant('float32', Number.NEGATIVE_INFINITY),
    )
    expect(scalar.reduce('sum', undefined, 1, x)).toBe(x)
    expect(scalar.reduce('sum', axis, 8, x)).toMatchObject({ kind: 'reduce', axis, body: x })
  })
})

test('the indices of a scalar are those of its address and its guards', () => {
  const { scalar, i } = fixture()
  const guard = { index: i.mul(3), low: 2, high: 8 }
  expect(indicesOf(scalar.load('float32', 0, i, [guard]))).toEqual([i, guard.index])
  expect(indicesOf(scalar.index(i))).toEqual([i])
  expect(indicesOf(scalar.constant('float32', 1))).toEqual([])
})

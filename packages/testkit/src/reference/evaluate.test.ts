import {
  ArgumentError,
  argMax,
  cast,
  compile,
  defineOp,
  equal,
  erfInv,
  matmul,
  mul,
  softmax,
  type Tensor,
  tensor,
  where,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { describeMismatches, findMismatches } from './compare.ts'
import { evaluateReference } from './evaluate.ts'
import { threefryWord } from './threefry.ts'

async function evaluated(x: Parameters<typeof evaluateReference>[0][number]) {
  const [result] = await evaluateReference([x])
  if (result === undefined) throw new Error('no result')
  return result
}

describe('evaluateReference', () => {
  test('gives values and says how exact they are', async () => {
    const product = matmul(tensor([[1, 2]]), tensor([[3], [4]]))
    expect(await evaluated(product)).toMatchObject({
      shape: [1, 1],
      dtype: 'float32',
      values: Float64Array.of(11),
      radii: Float64Array.of(0),
    })
    const third = await evaluated(tensor([1]).div(3))
    expect(third.values[0]).toBe(1 / 3)
    expect(third.radii[0]).toBeGreaterThan(2 ** -26)
    expect(third.radii[0]).toBeLessThan(2 ** -22)
  })

  test('lets errors grow as they do: cancellation, then division', async () => {
    const noise = tensor([1])
      .div(3)
      .sub(1 / 3)
    const { radii } = await evaluated(noise)
    expect(radii[0]).toBeGreaterThan(1e-8)
    const quotient = await evaluated(tensor([1]).div(noise))
    expect(quotient.radii[0]).toBe(Number.POSITIVE_INFINITY)
  })

  test('leaves open what rounding decides', async () => {
    const x = tensor([0.1]).mul(3)
    const isEqual = equal(x, 0.3)
    expect((await evaluated(isEqual)).radii[0]).toBe(Number.POSITIVE_INFINITY)
    const chosen = await evaluated(where(isEqual, tensor([5]), tensor([7])))
    expect(chosen.radii[0]).toBeGreaterThanOrEqual(2)
    expect((await evaluated(equal(tensor([2]).mul(3), 6))).radii[0]).toBe(0)
  })

  test('knows overflow, NaN and infinities', async () => {
    const x = tensor([1e30, 1e30, -1e30])
    expect([...(await evaluated(x.mul(x))).values]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
    const { values, radii } = await evaluated(tensor([0]).div(0))
    expect(values[0]).toBeNaN()
    expect(radii[0]).toBe(0)
  })

  test('follows integer rules: wrapping, saturating casts', async () => {
    const large = tensor([2147483647], { dtype: 'int32' })
    expect((await evaluated(large.add(1))).values[0]).toBe(-2147483648)
    expect((await evaluated(cast(tensor([3e9, Number.NaN]), 'int32'))).values).toEqual(
      Float64Array.of(2147483647, 0),
    )
  })

  test('goes through named regions', async () => {
    const { values } = await evaluated(softmax(tensor([0, Math.log(3)])))
    expect(values[0]).toBeCloseTo(0.25, 6)
    expect((await evaluated(argMax(tensor([1, 5, 5])))).values[0]).toBe(1)
  })

  test('knows the inverse of the error function in the middle and in the tails', async () => {
    const { values } = await evaluated(erfInv(tensor([0.5, -0.9375, 1, 2], { dtype: 'float64' })))
    expect(values[0]).toBeCloseTo(0.4769362762044699, 14)
    expect(values[1]).toBeCloseTo(-1.317150334986131, 13)
    expect(values[2]).toBe(Number.POSITIVE_INFINITY)
    expect(values[3]).toBeNaN()
  })

  test('takes rules for ops of others, and names an op without one', async () => {
    const op = defineOp<'x'>({
      name: 'double',
      infer: ({ x }) => x,
      lower: ({ x }, { at, scalar }) => scalar.mul(x.at(...at), 2),
    })
    const y = op.apply({ x: tensor([3]) }, {})
    await expect(evaluateReference([y])).rejects.toThrow('the op double')
    const double = ({ x }: { x?: { values: Float64Array } }) => {
      const values = Float64Array.from(x?.values ?? [], (value) => 2 * value)
      return { shape: [1], dtype: 'float32' as const, values, radii: new Float64Array(1) }
    }
    const [result] = await evaluateReference([mul(y, 2)], {
      rules: { double: (inputs) => double(inputs.x === undefined ? {} : { x: inputs.x }) },
    })
    expect(result?.values[0]).toBe(12)
  })

  test('refuses arguments of compiled functions', () => {
    let refused: Promise<unknown> = Promise.resolve()
    compile((x: Tensor) => {
      refused = evaluateReference([x])
      return x
    }).traced(tensor([1]))
    return expect(refused).rejects.toThrow(ArgumentError)
  })

  test('is not stopped by deep graphs', async () => {
    let x: Tensor = tensor([1])
    for (let i = 0; i < 20_000; i++) x = x.add(1)
    expect((await evaluated(x)).values[0]).toBe(20_001)
  })
})

describe('differences', () => {
  const expected = {
    shape: [2, 2],
    dtype: 'float32' as const,
    values: Float64Array.of(1, 2, Number.NaN, 4),
    radii: Float64Array.of(0, 0.5, 0, Number.POSITIVE_INFINITY),
  }

  test('are elements outside their intervals', () => {
    expect(findMismatches(Float32Array.of(1, 2.25, Number.NaN, 99), expected)).toEqual([])
    const mismatches = findMismatches(Float32Array.of(1, 2.75, 3, 99), expected)
    expect(mismatches.map(({ position }) => position)).toEqual([1, 2])
  })

  test('are described by index', () => {
    const text = describeMismatches(Float32Array.of(1, 3, Number.NaN, 0), expected)
    expect(text).toContain('1 of 4 elements differ')
    expect(text).toContain('at [0, 1]: got 3, wanted 2 ± 0.50')
    expect(describeMismatches(new Float32Array(3), expected)).toContain('3 elements instead of 4')
  })
})

// Known answers published with the reference implementation, Random123.
test.each([
  [[0, 0], [0, 0], 0x6b200159],
  [[-1, -1], [-1, -1], 0x1cb996fc],
  [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3 | 0], 0xc4923a9c],
])('threefry of key %j and counter %j', (key, counter, word) => {
  expect(threefryWord(key, counter) >>> 0).toBe(word)
})

import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, key, ShapeError, setBackend, type Tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import * as initializers from './index.ts'
import { type InitializerName, initializerOf } from './named.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const count = 200 * 300

async function measure(initializer: initializers.Initializer, shape = [200, 300]) {
  const values = await initializer(shape, key(7)).data()
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return { values, mean, deviation: Math.sqrt(variance), largest }
}

describe('constants', () => {
  test.each([
    [initializers.zeros(), 0],
    [initializers.ones(), 1],
    [initializers.constant(0.5), 0.5],
    [initializers.constant(), 0],
  ])('%#', async (initializer, value) => {
    expect(await initializer([2, 2], key(0)).array()).toEqual([
      [value, value],
      [value, value],
    ])
  })
})

// Standard deviations follow from the formulas; the bound is where the distribution ends.
const [fanIn, fanAvg] = [200, 250]
const cut = 2 / 0.8796256610342398
const scaled: readonly (readonly [InitializerName, number, number])[] = [
  ['glorotUniform', Math.sqrt(1 / fanAvg), Math.sqrt(3 / fanAvg)],
  ['glorotNormal', Math.sqrt(1 / fanAvg), cut * Math.sqrt(1 / fanAvg)],
  ['heUniform', Math.sqrt(2 / fanIn), Math.sqrt(6 / fanIn)],
  ['heNormal', Math.sqrt(2 / fanIn), cut * Math.sqrt(2 / fanIn)],
  ['lecunUniform', Math.sqrt(1 / fanIn), Math.sqrt(3 / fanIn)],
  ['lecunNormal', Math.sqrt(1 / fanIn), cut * Math.sqrt(1 / fanIn)],
  ['varianceScaling', Math.sqrt(1 / fanIn), cut * Math.sqrt(1 / fanIn)],
  ['truncatedNormal', 0.05 * 0.8796256610342398, 0.1],
  ['randomUniform', 0.05 / Math.sqrt(3), 0.05],
  ['randomNormal', 0.05, Number.POSITIVE_INFINITY],
]

describe('random weights', () => {
  test.each(scaled)('of %s have their mean, deviation and bound', async (name, wanted, bound) => {
    const { mean, deviation, largest } = await measure(
      initializerOf('test', 'kernelInitializer', name),
    )
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan((5 * wanted) / Math.sqrt(count))
    expect(Math.abs(deviation / wanted - 1)).toBeLessThan(5 / Math.sqrt(2 * count))
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6))
    if (Number.isFinite(bound)) expect(largest).toBeGreaterThan(bound * 0.99)
  })

  test("take options in Keras' words", async () => {
    const normal = await measure(initializers.truncatedNormal({ mean: 3, stddev: 0.1 }))
    expect(normal.mean).toBeCloseTo(3, 2)
    expect(Math.max(...normal.values.map((value) => Math.abs(value - 3)))).toBeLessThan(0.2001)
    const wide = await measure(initializers.randomNormal({ mean: -1, stddev: 2 }))
    expect([wide.mean, wide.deviation].map(Math.round)).toEqual([-1, 2])
    const uniform = await measure(initializers.randomUniform({ minval: 1, maxval: 2 }))
    expect(Math.min(...uniform.values)).toBeGreaterThanOrEqual(1)
    expect(uniform.largest).toBeLessThanOrEqual(2)
  })

  test('count every place of a window as a connection', async () => {
    const { deviation } = await measure(initializers.heNormal(), [3, 3, 40, 100])
    expect(deviation).toBeCloseTo(Math.sqrt(2 / 360), 3)
    const out = initializers.varianceScaling({ mode: 'fanOut', distribution: 'uniform' })
    expect((await measure(out, [3, 3, 100, 40])).deviation).toBeCloseTo(Math.sqrt(1 / 360), 3)
    const whole = initializers.varianceScaling({ distribution: 'untruncatedNormal' })
    const { deviation: wide, largest } = await measure(whole, [3, 3, 40, 100])
    expect(wide).toBeCloseTo(Math.sqrt(1 / 360), 3)
    expect(largest).toBeGreaterThan(3 * wide)
    expect((await measure(initializers.lecunNormal(), [6000])).deviation).toBeCloseTo(
      Math.sqrt(1 / 6000),
      3,
    )
  })

  test('are the same for the same key alone', async () => {
    const draw = (seed: number) => initializers.glorotUniform()([5], key(seed)).array()
    expect(await draw(1)).toEqual(await draw(1))
    expect(await draw(1)).not.toEqual(await draw(2))
  })

  test('refuse a scale that is not positive', () => {
    expect(() => initializers.varianceScaling({ scale: 0 })).toThrow(ArgumentError)
  })
})

describe('the identity', () => {
  test('may be scaled and cut', async () => {
    expect(await initializers.identity({ gain: 2 })([2, 3], key(0)).array()).toEqual([
      [2, 0, 0],
      [0, 2, 0],
    ])
    expect(
      await initializerOf('test', 'kernelInitializer', 'identity')([1, 1], key(0)).array(),
    ).toEqual([[1]])
  })

  test('is of rank 2', () => {
    expect(() => initializers.identity()([3], key(0))).toThrow(ShapeError)
    expect(() => initializers.identity()([3, 3, 3], key(0))).toThrow(/rank 2/)
  })
})

/** How far xᵀ x is from the identity at most. */
async function skewness(x: Tensor): Promise<number> {
  const columns = x.shape[1] ?? 0
  const square = await x.transpose().matmul(x).data()
  return square.reduce((most, value, i) => {
    return Math.max(most, Math.abs(value - (i % (columns + 1) === 0 ? 1 : 0)))
  }, 0)
}

describe('orthogonal weights', () => {
  test.each([[[1, 1]], [[2, 2]], [[40, 40]], [[41, 40]], [[64, 7]], [[7, 64]], [[3, 3, 4, 20]]])(
    '%j have orthonormal columns or rows',
    async (shape) => {
      for (const seed of [1, 2, 3]) {
        const weights = initializers.orthogonal()(shape, key(seed))
        expect(weights.shape).toEqual(shape)
        const matrix = weights.reshape([-1, shape.at(-1) ?? 1])
        const [rows = 0, columns = 0] = matrix.shape
        expect(await skewness(rows < columns ? matrix.transpose() : matrix)).toBeLessThan(1e-5)
      }
    },
  )

  test('turn both ways, and are scaled by the gain', async () => {
    const signs = new Set<number>()
    for (let seed = 0; seed < 8; seed++) {
      signs.add(Math.round(await initializers.orthogonal()([1, 1], key(seed)).item()))
    }
    expect([...signs].sort()).toEqual([-1, 1])
    const scaled = initializers.orthogonal({ gain: 3 })([5, 5], key(1))
    expect(await skewness(scaled.div(3))).toBeLessThan(1e-5)
    expect(() => initializers.orthogonal()([5], key(1))).toThrow(ShapeError)
  })
})

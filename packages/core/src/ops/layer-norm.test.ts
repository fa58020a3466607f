import { beforeAll, describe, expect, test } from 'vitest'
import {
  DTypeError,
  gradients,
  layerNorm,
  rmsNorm,
  ShapeError,
  setBackend,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { kernelsOf, wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

/** Rows of numbers around an offset, normalised in double precision. */
function normalized(values: Float32Array, length: number, epsilon: number): number[] {
  return Array.from({ length: values.length / length }, (_, i) => {
    const row = [...values.subarray(i * length, (i + 1) * length)]
    const mean = row.reduce((sum, value) => sum + value, 0) / length
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length
    return row.map((value) => (value - mean) / Math.sqrt(variance + epsilon))
  }).flat()
}

describe('layerNorm', () => {
  test.each([0, 100, 10000])('of rows around %d is accurate', async (offset) => {
    const x = wave([3, 64]).add(offset)
    const got = await layerNorm(x, undefined, undefined, { epsilon: 1e-5 }).data()
    const wanted = normalized(await x.data(), 64, 1e-5)
    // The mean itself is a float32, so that all of a row may be off by half its last place.
    const lastPlace = offset * 2 ** -23
    got.forEach((value, i) => {
      expect(Math.abs(value - (wanted[i] ?? Number.NaN))).toBeLessThan(2e-6 + lastPlace)
    })
  })

  test('takes any axes, in any order, and weights of their shape', async () => {
    const [x, gamma, beta] = [wave([2, 3, 4]), wave([3, 4], 2), wave([3, 4], 3)]
    const got = await layerNorm(x, gamma, beta, { axes: [-1, 1] }).data()
    const flat = layerNorm(x.reshape([2, 12]), gamma.reshape([12]), beta.reshape([12]))
    expect(got).toEqual(await flat.data())
    const all = await layerNorm(x, undefined, undefined, { axes: null }).data()
    expect(all).toEqual(await layerNorm(x.reshape([24])).data())
  })

  test('is one kernel over rows, and its gradient by x one more', () => {
    const [x, gamma, beta, dy] = [wave([8, 16]), wave([16]), wave([16], 2), wave([8, 16], 3)]
    const kinds = (kernels: readonly string[]) => kernels.map((kernel) => kernel.split(':')[0])
    expect(kinds(kernelsOf(() => [layerNorm(x, gamma, beta)]))).toEqual(['row'])
    const loss = () => layerNorm(x, gamma, beta).mul(dy).sum()
    expect(kinds(kernelsOf(() => gradients(loss(), [x])))).toEqual(['row'])
    expect(kinds(kernelsOf(() => gradients(loss(), [x, gamma, beta])))).toEqual(['row', 'reduce'])
  })

  test('refuses what does not fit', () => {
    const x = zeros([2, 3])
    expect(() => layerNorm(x, zeros([2]))).toThrow(ShapeError)
    expect(() => layerNorm(x, zeros([2]))).toThrow(
      'layerNorm: x is [2, 3] and gamma is [2]; wanted gamma [3]',
    )
    expect(() => layerNorm(x, zeros([3]), zeros([3, 1]))).toThrow(/wanted beta \[3\]/)
    expect(() => layerNorm(x, undefined, undefined, { axes: 2 })).toThrow(ShapeError)
    // @ts-expect-error: integers have no root.
    expect(() => layerNorm(x.cast('int32'))).toThrow(DTypeError)
  })
})

describe('rmsNorm', () => {
  test('divides by the root of the mean square', async () => {
    const [x, gamma] = [wave([2, 5]), wave([5], 2)]
    const [values, weights] = [[...(await x.data())], [...(await gamma.data())]]
    const got = await rmsNorm(x, gamma, { epsilon: 0.01 }).data()
    got.forEach((value, i) => {
      const row = values.slice(5 * Math.floor(i / 5), 5 * Math.floor(i / 5) + 5)
      const square = row.reduce((sum, element) => sum + element ** 2, 0) / 5
      const wanted = ((values[i] ?? 0) / Math.sqrt(square + 0.01)) * (weights[i % 5] ?? 0)
      expect(value).toBeCloseTo(wanted, 6)
    })
  })

  test('refuses a gamma of another shape', () => {
    expect(() => rmsNorm(zeros([2, 3]), zeros([2]))).toThrow(ShapeError)
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { ArgumentError, gradients, norm, ShapeError, setBackend, tensor, zeros } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const { POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: nan } = Number

function expected(values: readonly number[], ord: number): number {
  const sizes = values.map(Math.abs)
  if (ord === POSITIVE_INFINITY) return Math.max(...sizes)
  if (ord === NEGATIVE_INFINITY) return Math.min(...sizes)
  return sizes.reduce((sum, size) => sum + size ** ord, 0) ** (1 / ord)
}

describe('norm', () => {
  const values = [3, -0.25, 1.5, -4]

  test.each([1, 2, 3, 0.5, 1.7, 12, -1, -2.5, POSITIVE_INFINITY, NEGATIVE_INFINITY])(
    'of order %d, with its gradient',
    async (ord) => {
      const x = tensor(values)
      const y = norm(x, null, { ord })
      expect((await y.item()) / expected(values, ord)).toBeCloseTo(1, 5)
      const slope = await gradients(y, x).data()
      values.forEach((_, i) => {
        const moved = (h: number) =>
          expected(
            values.map((value, n) => (n === i ? value + h : value)),
            ord,
          )
        const wanted = (moved(1e-4) - moved(-1e-4)) / 2e-4
        expect(Math.abs((slope[i] ?? nan) - wanted)).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(wanted)),
        )
      })
    },
  )

  test('neither overflows nor vanishes on the way', async () => {
    for (const scale of [1e-38, 1e-30, 1e30, 5e37]) {
      const x = tensor([3 * scale, -4 * scale, 0])
      expect((await norm(x).item()) / (5 * scale)).toBeCloseTo(1, 5)
      const slope = await gradients(norm(x), x).data()
      for (const [i, wanted] of [0.6, -0.8, 0].entries()) expect(slope[i]).toBeCloseTo(wanted, 5)
      expect((await norm(x, null, { ord: 4 }).item()) / (337 ** 0.25 * scale)).toBeCloseTo(1, 5)
    }
  })

  test('its gradient is finite at zeros', async () => {
    for (const ord of [1, 2, 3, 1.5, POSITIVE_INFINITY, NEGATIVE_INFINITY]) {
      for (const values of [
        [0, 0, 0],
        [0, 2, 0],
      ]) {
        const x = tensor(values)
        const slope = [...(await gradients(norm(x, null, { ord }), x).data())]
        expect(slope.every(Number.isFinite), `ord ${ord} of ${values}`).toBe(true)
      }
    }
    const x = zeros([3])
    expect(await gradients(norm(x), x).array()).toEqual([0, 0, 0])
  })

  test('shows what is not finite', async () => {
    expect(await norm(tensor([1, POSITIVE_INFINITY])).item()).toBe(POSITIVE_INFINITY)
    expect(await norm(tensor([1, nan])).item()).toBe(nan)
    expect(await norm(tensor([1, nan]), null, { ord: 3 }).item()).toBe(nan)
    expect(await norm(tensor([1, 0]), null, { ord: -1 }).item()).toBe(0)
  })

  test('over axes, kept or not, of integers too', async () => {
    const x = tensor(
      [
        [3, 4],
        [0, -2],
      ],
      { dtype: 'int32' },
    )
    expect(await norm(x, 1).array()).toEqual([5, 2])
    expect(await norm(x, -1, { keepDims: true }).array()).toEqual([[5], [2]])
    expect(norm(x).dtype).toBe('float32')
    expect(await norm(tensor([3, -4]), 0, { ord: 1 }).item()).toBe(7)
    expect(await norm(tensor(-3)).item()).toBe(3)
  })

  test('of no elements is 0, where it is defined', async () => {
    expect(await norm(zeros([2, 0]), 1).array()).toEqual([0, 0])
    for (const ord of [POSITIVE_INFINITY, NEGATIVE_INFINITY, -2]) {
      expect(() => norm(zeros([2, 0]), 1, { ord })).toThrow(ShapeError)
    }
    expect(() => norm(zeros([2, 0]), 1, { ord: POSITIVE_INFINITY })).toThrow(
      'norm: x is [2, 0], axes are [1] and ord is Infinity; wanted at least one element.',
    )
  })

  test('refuses wrong attributes', () => {
    const x = zeros([2])
    expect(() => norm(x, null, { ord: 0 })).toThrow(ArgumentError)
    expect(() => norm(x, null, { ord: 0 })).toThrow('x.notEqual(0).sum() counts what is not 0')
    expect(() => norm(x, null, { ord: nan })).toThrow(
      'norm: ord NaN; wanted a number other than 0.',
    )
    expect(() => norm(x, 1)).toThrow('norm: axis 1 for a tensor of rank 1')
  })
})

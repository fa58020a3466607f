import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  DTypeError,
  gradients,
  type ResizeOptions,
  resizeBilinear,
  resizeNearest,
  ShapeError,
  setBackend,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { kernelsOf, wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const modes = [
  ['plain', {}],
  ['alignCorners', { alignCorners: true }],
  ['halfPixelCenters', { halfPixelCenters: true }],
] as const

/** Where pixel i of `out` lies among `n`, in exact fractions of the numbers of the modes. */
function positionOf(i: number, n: number, out: number, mode: string): number {
  if (mode === 'halfPixelCenters') return ((2 * i + 1) * n) / (2 * out)
  if (mode === 'alignCorners') return out === 1 ? 0 : (i * (n - 1)) / (out - 1)
  return (i * n) / out
}

/** By the definition, one pixel of a row after the other. */
function nearestRow(row: readonly number[], out: number, mode: string): number[] {
  return Array.from({ length: out }, (_, i) => {
    const position = positionOf(i, row.length, out, mode)
    return row[Math.floor(mode === 'alignCorners' ? position + 0.5 : position)] ?? Number.NaN
  })
}

function bilinearRow(row: readonly number[], out: number, mode: string): number[] {
  return Array.from({ length: out }, (_, i) => {
    const position = positionOf(i, row.length, out, mode) - (mode === 'halfPixelCenters' ? 0.5 : 0)
    const clamped = Math.min(Math.max(position, 0), row.length - 1)
    const low = Math.floor(clamped)
    const [a = 0, b = a] = row.slice(low, low + 2)
    return a + (b - a) * (clamped - low)
  })
}

const rowOf = (row: readonly number[]) => tensor([...row]).reshape([1, 1, row.length, 1])
const resizeRow = (
  resize: typeof resizeBilinear,
  row: readonly number[],
  out: number,
  options: Partial<ResizeOptions>,
) => resize(rowOf(row), { ...options, size: [1, out] }).data()

describe.each(modes)('resizing (%s)', (mode, options) => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 12]
  test('agrees with its definition for all small sizes', async () => {
    for (const n of sizes) {
      const row = Array.from({ length: n }, (_, i) => (i * 7 + 3) % 11)
      for (const out of sizes) {
        const nearest = await resizeRow(resizeNearest, row, out, options)
        expect([...nearest], `${n} to ${out}`).toEqual(nearestRow(row, out, mode))
        const bilinear = await resizeRow(resizeBilinear, row, out, options)
        const wanted = bilinearRow(row, out, mode)
        bilinear.forEach((value, i) => {
          expect(value, `${n} to ${out}`).toBeCloseTo(wanted[i] ?? Number.NaN, 5)
        })
      }
    }
  })

  test('has the transposed map as its gradient', async () => {
    for (const resize of [resizeNearest, resizeBilinear]) {
      for (const size of [
        [7, 3],
        [2, 9],
        [4, 5],
      ] as const) {
        const x = wave([2, 4, 5, 3])
        const y = resize(x, { ...options, size })
        const dy = wave([2, ...size, 3], 2)
        const [dx] = gradients(y.mul(dy).sum(), [x])
        // <A x, dy> = <x, Aᵀ dy> for every x, of which one more that was not differentiated by.
        const other = wave([2, 4, 5, 3], 5)
        const left = await resize(other, { ...options, size })
          .mul(dy)
          .sum()
          .item()
        expect(await dx?.mul(other).sum().item()).toBeCloseTo(left, 4)
      }
    }
  })
})

test('a constant image stays constant to the bit', async () => {
  const x = tensor(new Array(15).fill(0.1)).reshape([1, 3, 5, 1])
  const y = await resizeBilinear(x, { size: [7, 11], halfPixelCenters: true }).data()
  expect(new Set(y)).toEqual(new Set([Math.fround(0.1)]))
})

test('resizing reads pixels in place', () => {
  const x = zeros([1, 4, 4, 2])
  expect(kernelsOf(() => [resizeNearest(x, { size: [8, 8] })])).toEqual(['map: copy'])
  // The weights, which both axes share here, and a pass per axis.
  expect(kernelsOf(() => [resizeBilinear(x, { size: [8, 8] })])).toHaveLength(3)
})

test('resizing takes images of every dtype that it can', async () => {
  const x = tensor([1, 2], { dtype: 'uint8' }).reshape([1, 1, 2, 1])
  expect([...(await resizeNearest(x, { size: [1, 4] }).data())]).toEqual([1, 1, 2, 2])
  // @ts-expect-error: between integers there is nothing.
  expect(() => resizeBilinear(x, { size: [1, 4] })).toThrow(DTypeError)
})

test('resizing refuses what does not fit', () => {
  const x = zeros([1, 4, 4, 2])
  expect(() => resizeNearest(zeros([4, 4, 2]), { size: [2, 2] })).toThrow(ShapeError)
  expect(() => resizeNearest(zeros([1, 0, 4, 2]), { size: [2, 2] })).toThrow(/with pixels/)
  expect(() => resizeNearest(x, { size: [0, 2] })).toThrow(ArgumentError)
  expect(() => resizeBilinear(x, { size: [1.5, 2] })).toThrow(ArgumentError)
  const both = { size: [2, 2], alignCorners: true, halfPixelCenters: true } as const
  expect(() => resizeBilinear(x, both)).toThrow(/one of them/)
})

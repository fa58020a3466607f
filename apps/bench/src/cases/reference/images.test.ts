import { describe, expect, test } from 'vitest'
import { seededRandom, uniform } from '../../random.ts'
import { fold, maxPool, unfold, unpool } from './images.ts'
import { type Matrix, matrix } from './matrix.ts'

const geometry = { batch: 2, height: 4, width: 6 }
const pixels = 2 * 4 * 6

function random(seed: number, columns: number): Matrix {
  return matrix(pixels, columns, uniform(seededRandom(seed), pixels * columns, -1, 1))
}

function dot(a: Matrix, b: Matrix): number {
  return a.values.reduce((sum, value, i) => sum + value * (b.values[i] ?? 0), 0)
}

describe('unfold', () => {
  const patches = unfold(
    matrix(
      pixels,
      1,
      Array.from({ length: pixels }, (_, i) => i + 1),
    ),
    geometry,
  )
  const patch = (pixel: number) => Array.from(patches.values.subarray(pixel * 9, pixel * 9 + 9))

  test('shows each pixel with its neighbours', () => {
    expect(patch(7)).toEqual([1, 2, 3, 7, 8, 9, 13, 14, 15])
  })

  test('shows zeros beyond the border, not the next line or image', () => {
    expect(patch(0)).toEqual([0, 0, 0, 0, 1, 2, 0, 7, 8])
    expect(patch(11)).toEqual([5, 6, 0, 11, 12, 0, 17, 18, 0])
    expect(patch(24)).toEqual([0, 0, 0, 0, 25, 26, 0, 31, 32])
  })

  test('keeps the channels of a tap together', () => {
    const x = random(1, 3)
    const { columns, values } = unfold(x, geometry)
    const centre = 13 * columns + 4 * 3
    expect(values.subarray(centre, centre + 3)).toEqual(x.values.subarray(13 * 3, 14 * 3))
  })
})

test('fold is the transpose of unfold', () => {
  const [x, dy] = [random(2, 3), random(3, 27)]
  expect(dot(unfold(x, geometry), dy)).toBeCloseTo(dot(x, fold(dy, geometry)), 12)
})

describe('a window that takes steps', () => {
  const window = { side: 4, stride: 2, before: 1 }
  const numbered = matrix(
    pixels,
    1,
    Array.from({ length: pixels }, (_, i) => i + 1),
  )

  test('is seen at every second pixel', () => {
    const { rows, columns, values } = unfold(numbered, geometry, window)
    expect([rows, columns]).toEqual([pixels / 4, 16])
    const second = [0, 0, 0, 0, 2, 3, 4, 5, 8, 9, 10, 11, 14, 15, 16, 17]
    expect(Array.from(values.subarray(16, 32))).toEqual(second)
  })

  test('folds back by the transpose', () => {
    const x = random(6, 3)
    const patches = unfold(x, geometry, window)
    const dy = { ...patches, values: patches.values.map((value, i) => value + (i % 7)) }
    expect(dot(patches, dy)).toBeCloseTo(dot(x, fold(dy, geometry, window)), 10)
  })
})

describe('maxPool', () => {
  test('takes the greatest of each block per channel, of equal ones the first', () => {
    const values = [1, 8, 2, 7, 3, 6, 4, 5, 0, 0, 9, -1, 9, 0, 0, -2]
    const pooled = maxPool(matrix(8, 2, values), { batch: 1, height: 2, width: 4 })
    expect(pooled.output).toEqual(matrix(2, 2, [9, 8, 9, 6]))
    expect(Array.from(pooled.winners)).toEqual([10, 1, 12, 5])
  })

  test('hands the gradient to the winners', () => {
    const x = random(4, 2)
    const pooled = maxPool(x, geometry)
    const dx = unpool(pooled, pooled.output, x)
    expect(dot(dx, x)).toBeCloseTo(dot(pooled.output, pooled.output), 12)
    expect(dx.values.filter((value) => value !== 0)).toHaveLength(pooled.output.values.length)
  })
})

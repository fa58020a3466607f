import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  arange,
  DTypeError,
  eye,
  linspace,
  ShapeError,
  setBackend,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('arange', () => {
  test.each<[[number, number, number?], number[]]>([
    [
      [0, 4],
      [0, 1, 2, 3],
    ],
    [
      [1, 2, 0.25],
      [1, 1.25, 1.5, 1.75],
    ],
    [
      [3, 0, -1.5],
      [3, 1.5],
    ],
    [[2, 2], []],
    [[2, 0], []],
  ])('%j', async ([start, stop, step], wanted) => {
    const got = arange(start, stop, step)
    expect([got.dtype, ...(await got.data())]).toEqual(['float32', ...wanted])
  })

  test('integers are exact, whatever their dtype', async () => {
    expect(await arange(2 ** 24, 2 ** 24 + 3, 1, 'int32').array()).toEqual(
      [0, 1, 2].map((i) => 2 ** 24 + i),
    )
    const bytes = arange(250, 240, -5, 'uint8')
    expect([bytes.dtype, ...(await bytes.data())]).toEqual(['uint8', 250, 245])
  })

  test('refuses what is no range', () => {
    expect(() => arange(0, 1, 0)).toThrow(ArgumentError)
    expect(() => arange(0, Number.POSITIVE_INFINITY)).toThrow('arange: start 0, stop Infinity')
    expect(() => arange(0, 1, 0.5, 'int32')).toThrow('step 0.5 for int32')
    expect(() => arange(0, 1, 1, 'bool')).toThrow(DTypeError)
  })
})

describe('linspace', () => {
  test('has both ends exactly', async () => {
    for (const [start, stop, count] of [
      [0.1, 0.7, 7],
      [-1, 1 / 3, 50],
      [5, -5, 11],
      [-3e38, 3e38, 3],
    ] as const) {
      const values = [...(await linspace(start, stop, count).data())]
      expect([values.length, values[0], values.at(-1)]).toEqual([
        count,
        Math.fround(start),
        Math.fround(stop),
      ])
      const size = Math.max(Math.abs(start), Math.abs(stop))
      values.forEach((value, i) => {
        const wanted = start + (stop / (count - 1) - start / (count - 1)) * i
        expect(Math.abs(value - wanted)).toBeLessThan(2e-7 * size)
      })
    }
  })

  test('of few elements', async () => {
    expect(await linspace(2, 9, 1).array()).toEqual([2])
    expect(await linspace(2, 9, 2).array()).toEqual([2, 9])
    expect(linspace(2, 9, 0).shape).toEqual([0])
  })

  test('refuses what is no range', () => {
    expect(() => linspace(0, Number.NaN, 3)).toThrow('linspace: 0 to NaN; wanted finite ends.')
    expect(() => linspace(0, 1, 2.5)).toThrow(ArgumentError)
    expect(() => linspace(0, 1, -1)).toThrow('linspace: count -1; wanted a non-negative integer.')
    expect(() => linspace(0, 1, 2, 'int32' as 'float32')).toThrow(DTypeError)
  })
})

describe('eye', () => {
  test('may be of any shape and dtype', async () => {
    expect(await eye(2, 3).array()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ])
    expect(await eye(2, 1, 'bool').array()).toEqual([[true], [false]])
    expect(eye(0).shape).toEqual([0, 0])
  })

  test('refuses wrong sizes', () => {
    expect(() => eye(-1)).toThrow(ShapeError)
  })
})

import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, ShapeError, setBackend, tensor, zeros } from '@tensorweft/core'
import { decode } from 'fast-png'
import { beforeAll, describe, expect, test } from 'vitest'
import { imageGrid } from './image-grid.ts'
import { encodePng } from './png.ts'

beforeAll(() => setBackend(cpu()))

/** The pictures of bytes, row by row. */
const rowsOf = ({ width, channels, data }: { width: number; channels: number; data: Uint8Array }) =>
  Array.from({ length: data.length / (width * channels) }, (_, y) => [
    ...data.subarray(y * width * channels, (y + 1) * width * channels),
  ])

describe('imageGrid', () => {
  test('puts images into rows, and leaves the rest of the last one empty', async () => {
    const images = tensor([[[-1, 1]], [[0, 0.5]], [[7, -7]]])
    const grid = await imageGrid(images, { columns: 2, padding: 1, background: 9 })
    expect(grid).toMatchObject({ width: 7, height: 5, channels: 1 })
    expect(rowsOf(grid)).toEqual([
      [9, 9, 9, 9, 9, 9, 9],
      [9, 0, 255, 9, 128, 191, 9],
      [9, 9, 9, 9, 9, 9, 9],
      [9, 255, 0, 9, 9, 9, 9],
      [9, 9, 9, 9, 9, 9, 9],
    ])
  })

  test('keeps colours together', async () => {
    const images = tensor([0, 1, 0.5, 1, 0, 0.2]).reshape([2, 1, 1, 3])
    const grid = await imageGrid(images, { range: [0, 1], padding: 0 })
    expect(grid).toMatchObject({ width: 2, height: 1, channels: 3 })
    expect([...grid.data]).toEqual([0, 255, 128, 255, 0, 51])
  })

  test.each([
    [1, 1, 1],
    [5, 3, 2],
    [9, 3, 3],
  ])('of %i images has %i columns and %i rows unless told', async (count, columns, rows) => {
    const { width, height } = await imageGrid(zeros([count, 4, 6, 1]))
    expect([width, height]).toEqual([columns * 8 + 2, rows * 6 + 2])
  })

  test.each([
    [zeros([2, 3]), {}, ShapeError, 'imageGrid: images [2, 3]; wanted [count, height, width]'],
    [zeros([2, 3, 3, 2]), {}, ShapeError, 'images [2, 3, 3, 2]'],
    [zeros([0, 3, 3]), {}, ShapeError, 'images [0, 3, 3]'],
    [[[[1]]], {}, ShapeError, 'images of type object'],
    [zeros([1, 2, 2]), { columns: 0 }, ArgumentError, 'imageGrid: columns 0; wanted a positive'],
    [zeros([1, 2, 2]), { padding: -1 }, ArgumentError, 'padding -1; wanted an integer from 0'],
    [zeros([1, 2, 2]), { range: [1, 1] }, ArgumentError, 'range [1, 1]; wanted [low, high]'],
    [zeros([1, 2, 2]), { background: 256 }, ArgumentError, 'background 256; wanted an integer'],
    [
      zeros([1, 2, 2]),
      4,
      ArgumentError,
      'options 4; wanted { columns, padding, range, background }',
    ],
  ])('refuses %o with %o', async (images, options, kind, message) => {
    const refused = imageGrid(images as never, options as never)
    await expect(refused).rejects.toThrow(kind)
    await expect(refused).rejects.toThrow(message)
  })
})

describe('encodePng', () => {
  test.each([[[2, 5, 4]], [[2, 5, 4, 3]]])('keeps every pixel of %j', async (shape) => {
    const size = shape.reduce((a, b) => a * b)
    const images = tensor(Array.from({ length: size }, (_, i) => Math.sin(i))).reshape(shape)
    const grid = await imageGrid(images)
    const bytes = encodePng(grid)
    expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10])
    const { width, height, channels, depth, data } = decode(bytes)
    expect({ width, height, channels, depth }).toEqual({
      width: grid.width,
      height: grid.height,
      channels: grid.channels,
      depth: 8,
    })
    expect([...data]).toEqual([...grid.data])
  })
})

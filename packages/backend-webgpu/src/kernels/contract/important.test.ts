import { expect, test } from 'vitest'
import { contractShader } from '../contract.ts'
import { chooseTile, loadsOf } from './choose-tile.ts'
import { type Layout, layoutsOf, type ProductShape, productKernel } from './products.testing.ts'
import type { ContractShape } from './shape.ts'
import type { Tile } from './tile.ts'

/** What a contraction costs, as far as it can be counted without a device. */
interface Counts {
  readonly tile: string
  readonly workgroups: number
  /** Values loaded from memory, for each product that is wanted. */
  readonly loads: number
  /** Values read from workgroup memory, for each product that is wanted. */
  readonly reads: number
}

function countsOf(shape: ContractShape): Counts {
  const tile = chooseTile(shape)
  const { rows, columns } = tile
  const workgroups = shape.batch * Math.ceil(shape.m / rows) * Math.ceil(shape.n / columns)
  const products = shape.batch * shape.m * shape.n
  return {
    tile: `${rows} × ${columns}`,
    workgroups,
    loads: round(loadsOf(shape, tile) / products),
    reads: round((readsOf(tile) * workgroups * rows * columns) / products),
  }
}

function readsOf({ ownRows, ownColumns }: Tile): number {
  return (ownRows + ownColumns) / (ownRows * ownColumns)
}

function round(value: number): number {
  return Number(value.toPrecision(2))
}

type Case = [name: string, shape: ProductShape, ...counts: [string, number, number, number]]

const cases: Case[] = [
  ['matmul 4096²', [1, 4096, 4096, 4096], '128 × 128', 1024, 0.016, 0.25],
  ['matmul 2048²', [1, 2048, 2048, 2048], '128 × 128', 256, 0.016, 0.25],
  ['matmul 1024²', [1, 1024, 1024, 1024], '64 × 64', 256, 0.031, 0.38],
  ['matmul 1021 × 1019', [1, 1021, 1019, 1023], '64 × 64', 256, 0.031, 0.38],
  ['dense 784-256, batch 100', [1, 100, 256, 784], '32 × 32', 32, 0.08, 0.64],
  ['its gradient by filter', [1, 784, 256, 100], '32 × 32', 200, 0.064, 0.51],
  ['dense 256-10', [1, 100, 10, 256], '64 × 16', 2, 0.16, 1],
  ['its gradient by filter', [1, 256, 10, 100], '64 × 16', 4, 0.13, 0.8],
  ['its gradient by input', [1, 100, 256, 10], '32 × 32', 32, 0.08, 0.64],
  ['conv 3×3×1×32, 28², batch 64', [1, 50176, 32, 9], '128 × 32', 392, 0.039, 0.38],
  ['its gradient by filter', [1, 9, 32, 50176], '32 × 32', 1, 0.22, 1.8],
  ['the same in 64 parts', [64, 9, 32, 784], '32 × 32', 64, 0.22, 1.8],
  ['conv 3×3×32×64, 14²', [1, 12544, 64, 288], '64 × 64', 196, 0.031, 0.38],
  ['its gradient by input', [1, 12544, 32, 576], '128 × 32', 98, 0.039, 0.38],
  ['its gradient by filter', [1, 288, 64, 12544], '32 × 32', 18, 0.063, 0.5],
  ['the same in 16 parts', [16, 288, 64, 784], '32 × 32', 288, 0.063, 0.5],
  ['dense 3136-10, batch 64', [1, 64, 10, 3136], '64 × 16', 1, 0.13, 0.8],
  ['its gradient by filter', [1, 3136, 10, 64], '64 × 16', 49, 0.13, 0.8],
  ['its gradient by input', [1, 64, 3136, 10], '32 × 32', 196, 0.063, 0.5],
  ['matrix times vector', [1, 4096, 1, 4096], '128 × 8', 32, 1.1, 4],
  ['the same in 16 parts', [16, 4096, 1, 256], '128 × 8', 512, 1.1, 4],
  ['attention scores', [96, 128, 128, 64], '128 × 128', 96, 0.016, 0.25],
]

test.each(cases)('%s', (_, [batch, m, n, k], tile, workgroups, loads, reads) => {
  expect(countsOf({ batch, m, n, k })).toEqual({ tile, workgroups, loads, reads })
})

/** The products of a training step of 784-256-10 at some batch size. */
function products(batch: number): [ProductShape, number][] {
  return [
    [[1, batch, 256, 784], 1],
    [[1, 784, 256, batch], 3],
    [[1, batch, 10, 256], 1],
    [[1, 256, 10, batch], 3],
    [[1, batch, 256, 10], 0],
  ]
}

function textOf(shape: ProductShape, layout: Layout | undefined): string {
  if (layout === undefined) throw new Error('no such layout')
  const kernel = productKernel('product', 'float32', shape, layout, [0, 1, 2])
  return contractShader(kernel, [0, 0, 0]).code
}

test('the products of a training step have the same text at another batch size', () => {
  const textsAt = (batch: number) =>
    products(batch).map(([shape, layout]) => textOf(shape, layoutsOf(shape)[layout]))
  expect(textsAt(96)).toEqual(textsAt(100))
})

test('aligned operands and results are accessed in vectors, whatever their layout', () => {
  const shape: ProductShape = [1, 256, 256, 256]
  for (const layout of layoutsOf(shape)) {
    const text = textOf(shape, layout)
    expect(text).toContain('words0: array<vec4<u32>>')
    expect(text).not.toContain('load_word0')
  }
  const odd: ProductShape = [1, 255, 255, 255]
  expect(textOf(odd, layoutsOf(odd)[0])).toContain('words0: array<u32>')
})

import { BackendError, type ContractKernel, type DType, type Program } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { splitLines } from '../wgsl/counters.ts'
import { quadReads } from '../wgsl/quad-program.ts'
import type { Quads } from '../wgsl/quads.ts'
import { Shader } from '../wgsl/shader.ts'
import { accumulate } from './contract/accumulate.ts'
import { coefficientOf, innermost } from './contract/axes.ts'
import { chooseTile } from './contract/choose-tile.ts'
import { finishLines, storeQuads } from './contract/epilogue.ts'
import { readingOf } from './contract/reading.ts'
import { type ContractShape, shapeOf } from './contract/shape.ts'
import { Side } from './contract/side.ts'
import { gridOf, invocationsOf, partialDepth, type Tile } from './contract/tile.ts'
import type { KernelShader } from './kernel-shader.ts'
import { packedStores } from './packed-stores.ts'

/** The tile for a contraction of some shape. */
export type TileFor = (shape: ContractShape) => Tile

/**
 * The one template of all contractions. A workgroup makes a tile of sums: depth after depth of K it
 * copies values of each operand into its own memory, evaluating the operand's program for each, and
 * every invocation multiplies some rows by some columns of them. The epilogue runs over the sums.
 * Rows and columns beyond the extents are not stored, depths are zeros. The tile changes nothing in
 * the results: products are added in the order of K, and totals of partial sums too.
 */
export function contractShader(
  given: ContractKernel,
  bindings: Bindings,
  tileFor: TileFor = chooseTile,
  hasHalves = false,
): KernelShader {
  const kernel = storesAlongColumns(given)
  const shape = shapeOf(kernel)
  const tile = tileFor(shape)
  const { axes, batch, m, n, k } = kernel
  const rowTiles = Math.ceil(shape.m / tile.rows)
  const columnTiles = Math.ceil(shape.n / tile.columns)
  const dtype = dtypeOf(kernel)
  const isLong = shape.k > partialDepth
  const shader = shaderOf(kernel, given, bindings, hasHalves)
  const left = new Side(kernel, shader, 'left', tile)
  const right = new Side(kernel, shader, 'right', tile)
  const body = [
    `let row_tiles = (${shader.size(m)} + ${tile.rows - 1}u) / ${tile.rows}u;`,
    `let column_tiles = (${shader.size(n)} + ${tile.columns - 1}u) / ${tile.columns}u;`,
    'let tiles = row_tiles * column_tiles;',
    `if (group >= ${shader.size(batch)} * tiles) { return; }`,
    ...splitLines('(group / tiles)', batch, axes, (axis) => `i${axis}`),
    `let first_row = group % tiles / column_tiles * ${tile.rows}u;`,
    `let first_column = group % tiles % column_tiles * ${tile.columns}u;`,
    ...placeLines(tile),
    ...left.prepare(),
    ...right.prepare(),
    ...accumulate({ tile, dtype, depth: shader.size(k), isLong, left, right }),
    ...finishLines(kernel, shader, dtype, tile, isLong),
  ]
  const workgroups = shape.batch * rowTiles * columnTiles
  return { code: shader.module(invocationsOf(tile), body), workgroups }
}

/** The shader of `given`, whose programs have an order, with operands taken in vectors of four. */
function shaderOf(
  kernel: ContractKernel,
  given: ContractKernel,
  bindings: Bindings,
  hasHalves: boolean,
): Shader {
  const { axes, left, right, epilogue, m, n, stores } = kernel
  const columns = storeQuads(kernel)
  const reads = [
    ...readsOf(left.program, readingOf(left.program, m, kernel).quads, axes),
    ...readsOf(right.program, readingOf(right.program, n, kernel).quads, axes),
    ...readsOf(epilogue, columns, axes),
  ]
  const stored = stores.map(({ operand }) => operand)
  if (columns !== undefined)
    return new Shader(given, bindings, [], [...reads, ...stored], hasHalves)
  const bytes = packedStores(kernel).map(({ operand }) => operand)
  return new Shader(
    given,
    bindings,
    bytes,
    reads.filter((operand) => !stored.includes(operand)),
    hasHalves,
  )
}

function readsOf(program: Program, quads: Quads | undefined, axes: readonly number[]): number[] {
  return quads === undefined ? [] : quadReads(program, axes, quads)
}

/** The same kernel with left and right exchanged where results are contiguous along M. */
function storesAlongColumns(kernel: ContractKernel): ContractKernel {
  const { axes, m, n, left, right, stores } = kernel
  const isAlong = (group: readonly number[]) => {
    const axis = innermost(group, axes)
    return axis !== undefined && stores[0] && coefficientOf(stores[0].index, axis) === 1
  }
  if (isAlong(n) || !isAlong(m)) return kernel
  return { ...kernel, m: n, n: m, left: right, right: left }
}

/**
 * Where an invocation's first four rows and columns are, in vectors of four: those that run at the
 * same time make a rectangle, so that they read the same values from workgroup memory.
 */
function placeLines(tile: Tile): string[] {
  const { across, down } = gridOf(tile)
  const high = Math.min(down, 4)
  const wide = Math.min(across, 32 / high)
  const block = wide * high
  return [
    `let own_x = local % ${wide}u + local / ${block}u % ${across / wide}u * ${wide}u;`,
    `let own_y = local / ${wide}u % ${high}u + local / ${block * (across / wide)}u * ${high}u;`,
  ]
}

function dtypeOf({ label, left, right }: ContractKernel): DType {
  const dtype = left.program.at(-1)?.dtype
  const other = right.program.at(-1)?.dtype
  if (dtype !== undefined && dtype === other && dtype !== 'bool') return dtype
  throw new BackendError('webgpu.compile', {
    got: `a contraction of ${dtype} and ${other} in '${label}'`,
    wanted: 'two operands of one dtype, which is not bool',
  })
}

import type { DType } from '@tensorweft/core'
import { indent } from '../../wgsl/shader.ts'
import { typeOf } from '../../wgsl/value-type.ts'
import type { Side } from './side.ts'
import { eachDepth, gridOf, partialDepth, type Tile, tileDepth } from './tile.ts'

const four = [0, 1, 2, 3] as const

/** What the loop over K needs to know. */
interface Loop {
  readonly tile: Tile
  readonly dtype: DType
  /** The extent of K as text (u32). */
  readonly depth: string
  /** Whether K is longer than a partial sum. */
  readonly isLong: boolean
  readonly left: Side
  readonly right: Side
}

/** Numbers of the vectors of four columns that an invocation sums. */
export function sumsOf({ ownRows, ownColumns }: Tile): number[] {
  return Array.from({ length: (ownRows * ownColumns) / 4 }, (_, q) => q)
}

/**
 * The loop over K, which leaves vector number q of the invocation's sums in `sums[q]`: row
 * `q / (ownColumns / 4)`, and four columns. Sums that products are added to are variables of their
 * own; the array is touched only where a partial sum ends, so that it need not be in registers.
 */
export function accumulate(loop: Loop): string[] {
  const type = `vec4<${typeOf(loop.dtype)}>`
  const sums = sumsOf(loop.tile)
  const flush = sums.map((q) => `sums[${q}] += s${q};`)
  const clear = sums.map((q) => `s${q} = ${type}();`)
  const partial = [
    `if (depth % ${partialDepth}u == ${partialDepth - tileDepth}u) {`,
    ...indent([...flush, ...clear]),
    '}',
  ]
  return [
    `var sums: array<${type}, ${sums.length}>;`,
    ...sums.map((q) => `var s${q} = ${type}();`),
    ...(loop.tile.buffers === 1
      ? oneBuffer(loop, loop.isLong ? partial : [])
      : twoBuffers(loop, loop.isLong ? partial : [])),
    ...flush,
  ]
}

function oneBuffer(loop: Loop, partial: readonly string[]): string[] {
  const { left, right, depth } = loop
  return [
    `for (var depth = 0u; depth < ${depth}; depth += ${tileDepth}u) {`,
    ...indent([
      ...left.load('depth'),
      ...right.load('depth'),
      ...left.store(),
      ...right.store(),
      'workgroupBarrier();',
      ...multiply(loop),
      'workgroupBarrier();',
      ...partial,
    ]),
    '}',
  ]
}

/**
 * Each round loads a tile, multiplies the one that was loaded in the round before, and then stores
 * the new one to the other buffer: one barrier a round.
 */
function twoBuffers(loop: Loop, partial: readonly string[]): string[] {
  const { left, right, depth } = loop
  const isThere = `if (later < ${depth}) {`
  return [
    'var current = 1u;',
    'var next = 0u;',
    `for (var later = 0u; later < ${depth} + ${tileDepth}u; later += ${tileDepth}u) {`,
    ...indent([
      isThere,
      ...indent([...left.load('later'), ...right.load('later')]),
      '}',
      'if (later > 0u) {',
      ...indent([`let depth = later - ${tileDepth}u;`, ...multiply(loop), ...partial]),
      '}',
      isThere,
      ...indent([...left.store(), ...right.store()]),
      '}',
      'workgroupBarrier();',
      'current = next;',
      'next = 1u - next;',
    ]),
    '}',
  ]
}

/** Adds the products of one tile. */
function multiply({ tile, dtype, left, right }: Loop): string[] {
  const { across, down } = gridOf(tile)
  const columns = tile.ownColumns / 4
  const rowVectors = four.slice(0, tile.ownRows / 4)
  const columnVectors = four.slice(0, columns)
  const at = (own: string, step: number) => (step === 0 ? own : `(${own} + ${step}u)`)
  const products = (d: string) => [
    ...rowVectors.map((i) => `let a${i} = ${left.vector(d, `left${i}`)};`),
    ...columnVectors.map((j) => `let b${j} = ${right.vector(d, `right${j}`)};`),
    ...sumsOf(tile).map((q) => {
      const row = Math.floor(q / columns)
      const a = `a${row >> 2}[${row & 3}]`
      const b = `b${q % columns}`
      return dtype === 'float32' ? `s${q} = fma(vec4(${a}), ${b}, s${q});` : `s${q} += ${a} * ${b};`
    }),
  ]
  return [
    `for (var k = 0u; k < ${tileDepth / 4}u; k++) {`,
    ...indent([
      ...rowVectors.map((i) => `let left${i} = ${left.place(at('own_y', i * down))};`),
      ...columnVectors.map((j) => `let right${j} = ${right.place(at('own_x', j * across))};`),
      ...eachDepth(tile, products),
    ]),
    '}',
  ]
}

import type { ContractKernel, DType } from '@tensorweft/core'
import { axisCounters, splitLines } from '../../wgsl/counters.ts'
import { programText, type Scope, storeLines } from '../../wgsl/program-text.ts'
import { quadProgramText, quadStoreLines } from '../../wgsl/quad-program.ts'
import { movementOf, type Quads, quadsOf, splitQuadLines } from '../../wgsl/quads.ts'
import { indent, type Shader } from '../../wgsl/shader.ts'
import { sumsOf } from './accumulate.ts'
import { gridOf, type Tile } from './tile.ts'

/** The columns that all stores of a contraction take four at a time, if they can. */
export function storeQuads({ axes, n, stores }: ContractKernel): Quads | undefined {
  return quadsOf(n, axes, (quads) =>
    stores.every(({ index }) => movementOf(index, axes, quads) === 'neighbours'),
  )
}

/** Statements that run the epilogue on an invocation's sums and store the results. */
export function finishLines(
  kernel: ContractKernel,
  shader: Shader,
  dtype: DType,
  tile: Tile,
  isLong: boolean,
): string[] {
  const { axes, m, n } = kernel
  const { across, down } = gridOf(tile)
  const columns = tile.ownColumns / 4
  const row = `first_row + (r >> 2u) * ${4 * down}u + own_y * 4u + (r & 3u)`
  const column = `first_column + q % ${columns}u * ${4 * across}u + own_x * 4u`
  const count = sumsOf(tile).length
  // An end that compilers do not know keeps them from holding the array in registers, in which the
  // sums that products are added to have to be.
  const end = isLong ? `${count}u + params.zero` : `${count}u`
  return [
    `for (var q = 0u; q < ${end}; q++) {`,
    ...indent([
      `let r = q / ${columns}u;`,
      `let row = ${row};`,
      `let column = ${column};`,
      `if ((row >= ${shader.size(m)}) | (column >= ${shader.size(n)})) { continue; }`,
      ...splitLines('row', m, axes, (axis) => `i${axis}`),
      // Bytes wrap once, at the end: sums of products agree modulo 256 all the way.
      `let sum = sums[q]${dtype === 'uint8' ? ' & vec4<u32>(255u)' : ''};`,
      ...storeColumns(kernel, shader),
    ]),
    '}',
  ]
}

function storeColumns(kernel: ContractKernel, shader: Shader): string[] {
  const { axes, n, stores, epilogue } = kernel
  const counters = axisCounters(axes)
  const quads = storeQuads(kernel)
  const scope: Scope = { shader, counters, reduced: () => 'sum[c]' }
  if (quads === undefined) {
    const { lines, values } = programText(epilogue, scope)
    return [
      `for (var c = 0u; c < min(4u, ${shader.size(n)} - column); c++) {`,
      ...indent([
        ...splitLines('(column + c)', n, axes, (axis) => `i${axis}`),
        ...lines,
        ...storeLines(stores, values, scope),
      ]),
      '}',
    ]
  }
  const { lines, values } = quadProgramText(epilogue, scope, quads, (_, point) => `sum[${point}]`)
  return [
    ...splitQuadLines('(column / 4u)', n, axes, quads),
    ...lines,
    ...quadStoreLines(stores, values, scope, quads),
  ]
}

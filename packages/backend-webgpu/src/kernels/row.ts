import { type LoopKernel, type Stage, storesOf } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { quadReads } from '../wgsl/quad-program.ts'
import { movementOf, type Quads, quadsOf } from '../wgsl/quads.ts'
import { Shader } from '../wgsl/shader.ts'
import { isPacked } from '../wgsl/value-type.ts'
import type { KernelShader } from './kernel-shader.ts'
import { chooseRowLayout } from './row-layout.ts'
import { RowWriter, type Walk } from './row-writer.ts'

/** Invocations that are worth more than vectors: with fewer each takes one row. */
const fewInvocations = 2 ** 14

/**
 * Kernels with reductions. A workgroup takes `rows` points of the outer axes; each of the
 * `lanes` invocations of a row walks every `lanes`-th point of the reduced axes. Where neighbours
 * in memory are points of a row, a lane takes four of these in a step; where they are points of
 * neighbouring rows, it takes four rows.
 */
export function rowShader(
  kernel: LoopKernel,
  bindings: Bindings,
  subgroupSize: number,
  hasHalves: boolean,
): KernelShader {
  const walk = chooseWalk(kernel)
  const { layout } = walk
  const shader = shaderOf(kernel, bindings, walk, hasHalves)
  const writer = new RowWriter(kernel, { shader, layout, subgroupSize }, walk)
  const rows = walk.fours === 'rows' ? layout.outerSize / 4 : layout.outerSize
  return {
    code: shader.module(layout.rows * layout.lanes, writer.lines()),
    workgroups: Math.ceil(rows / layout.rows),
  }
}

function chooseWalk(kernel: LoopKernel): Walk {
  const { axes, outer, stages } = kernel
  const all = axes.map((_, axis) => axis)
  const inRow = quadsOf(all.slice(outer), axes, (quads) =>
    stages.some((stage) => walksFours(stage, axes, quads)),
  )
  if (inRow !== undefined) {
    const isWide = (stage: Stage) => walksFours(stage, axes, inRow)
    return { fours: 'points', quads: inRow, layout: chooseRowLayout(kernel, 4), isWide }
  }
  const layout = chooseRowLayout(kernel)
  const acrossRows = quadsOf(all.slice(0, outer), axes, (quads) => takesFourRows(kernel, quads))
  const isLarge = (layout.outerSize / 4) * layout.lanes >= fewInvocations
  if (acrossRows !== undefined && layout.rowsAreFastest && isLarge) {
    return { fours: 'rows', quads: acrossRows, layout, isWide: () => true }
  }
  return { fours: 'none', layout, isWide: () => false }
}

/** Whether a stage finds neighbours in a row: it loads or stores some, and stores nothing else. */
function walksFours(
  { over, program, stores }: Stage,
  sizes: readonly number[],
  quads: Quads,
): boolean {
  if (over !== 'all') return false
  const areStored = stores.every(({ index }) => movementOf(index, sizes, quads) === 'neighbours')
  return areStored && stores.length + quadReads(program, sizes, quads).length > 0
}

/** Whether four rows are neighbours wherever a kernel stores, and in one of its walks. */
function takesFourRows(kernel: LoopKernel, quads: Quads): boolean {
  const { axes, stages } = kernel
  return (
    storesOf(kernel).every(({ index }) => movementOf(index, axes, quads) === 'neighbours') &&
    stages.some(({ over, program }) => over === 'all' && quadReads(program, axes, quads).length > 0)
  )
}

/** A shader that knows which operands are taken in fours, and which are stored byte by byte. */
function shaderOf(kernel: LoopKernel, bindings: Bindings, walk: Walk, hasHalves: boolean): Shader {
  const operandsOf = (stages: readonly Stage[]) =>
    stages.flatMap(({ stores }) => stores.map(({ operand }) => operand))
  const { stages, axes, operands } = kernel
  const narrow = new Set(operandsOf(stages.filter((stage) => !walk.isWide(stage))))
  const wideStages = stages.filter(walk.isWide)
  const reads =
    walk.fours === 'none'
      ? []
      : wideStages.flatMap(({ program }) => quadReads(program, axes, walk.quads))
  const wide = [...reads, ...operandsOf(wideStages)].filter((operand) => !narrow.has(operand))
  const bytes = [...narrow].filter((operand) => isPacked(operands[operand]?.dtype ?? 'float32'))
  return new Shader(kernel, bindings, bytes, wide, hasHalves)
}

import type { TypedArray } from '@tensorweft/core'
import type { Binding } from '../interpreter/binding.ts'
import { hasDigits, type LoadStep } from '../interpreter/loads.ts'
import { affineOver, createSpace } from '../interpreter/space.ts'
import { Walk } from '../interpreter/walk.ts'
import type { Panels } from './micro-kernel.ts'
import type { Packer, Region, Side } from './side.ts'

/** The part that some axes have in the index of a load, at each point of these axes. */
function tabulate(side: Side, axes: readonly number[], step: LoadStep): Int32Array {
  const space = createSpace(side.axes, axes)
  const terms = step.index.terms.filter(({ axis }) => axes.includes(axis))
  const walk = new Walk(space, [affineOver(space, { constant: 0, terms, digits: [] })])
  const stride = walk.strides[0] ?? 0
  const table = new Int32Array(space.size)
  if (space.size > 0) walk.seek(0)
  for (let point = 0; point < space.size; ) {
    const n = walk.remaining
    const first = walk.values[0] ?? 0
    for (let k = 0; k < n; k++) table[point + k] = first + k * stride
    walk.advance(n)
    point += n
  }
  return table
}

/** Rows and depths of the data that go to a panel: element (r, k) is at `rows[r] + depths[k]`. */
interface Lookup {
  readonly rows: Int32Array
  readonly depths: Int32Array
  readonly tile: number
}

type PackLoop = (
  data: TypedArray,
  origin: number,
  lookup: Lookup,
  region: Region,
  panels: Panels,
) => void

// Each loop is written out for float32 and for float64, for the engine's sake.

/** Reads along the depth, row by row. */
const packRowsFloat32: PackLoop = (data, origin, lookup, region, panels) => {
  const { rows, depths, tile } = lookup
  const { start, depth } = region
  for (let r = 0; r < region.rows; r++) {
    const from = origin + (rows[region.row + r] ?? 0)
    const t = r % tile
    for (let k = 0, to = (r - t) * depth + t; k < depth; k++, to += tile) {
      panels[to] = data[from + (depths[start + k] ?? 0)] ?? 0
    }
  }
}

const packRowsFloat64: PackLoop = (data, origin, lookup, region, panels) => {
  const { rows, depths, tile } = lookup
  const { start, depth } = region
  for (let r = 0; r < region.rows; r++) {
    const from = origin + (rows[region.row + r] ?? 0)
    const t = r % tile
    for (let k = 0, to = (r - t) * depth + t; k < depth; k++, to += tile) {
      panels[to] = data[from + (depths[start + k] ?? 0)] ?? 0
    }
  }
}

/** Reads along the rows, depth by depth. */
const packDepthsFloat32: PackLoop = (data, origin, lookup, region, panels) => {
  const { rows, depths, tile } = lookup
  const { row, depth } = region
  for (let k = 0; k < depth; k++) {
    const from = origin + (depths[region.start + k] ?? 0)
    for (let r = 0, to = k * tile; r < region.rows; r += tile, to += tile * depth) {
      const n = Math.min(tile, region.rows - r)
      for (let t = 0; t < n; t++) panels[to + t] = data[from + (rows[row + r + t] ?? 0)] ?? 0
    }
  }
}

const packDepthsFloat64: PackLoop = (data, origin, lookup, region, panels) => {
  const { rows, depths, tile } = lookup
  const { row, depth } = region
  for (let k = 0; k < depth; k++) {
    const from = origin + (depths[region.start + k] ?? 0)
    for (let r = 0, to = k * tile; r < region.rows; r += tile, to += tile * depth) {
      const n = Math.min(tile, region.rows - r)
      for (let t = 0; t < n; t++) panels[to + t] = data[from + (rows[row + r + t] ?? 0)] ?? 0
    }
  }
}

const loops = {
  rows: { float32: packRowsFloat32, float64: packRowsFloat64 },
  depths: { float32: packDepthsFloat32, float64: packDepthsFloat64 },
}

/** Packs what a plain affine load reads, straight from its array. */
class LoadPacker implements Packer {
  private readonly binding: Binding
  private readonly constant: number
  private readonly batches: Int32Array
  private readonly lookup: Lookup
  private readonly loop: PackLoop

  constructor(side: Side, step: LoadStep, dtype: 'float32' | 'float64', binding: Binding) {
    this.binding = binding
    this.constant = step.index.constant
    this.batches = tabulate(side, side.batch, step)
    const rows = tabulate(side, side.rows, step)
    const depths = tabulate(side, side.depth, step)
    this.lookup = { rows, depths, tile: side.tile }
    const along = Math.abs((rows[1] ?? 0) - (rows[0] ?? 0))
    const across = Math.abs((depths[1] ?? 0) - (depths[0] ?? 0))
    // Data that moves on by less from row to row than from depth to depth is read by rows.
    this.loop = loops[along > 0 && along < across ? 'depths' : 'rows'][dtype]
  }

  begin(): void {}

  pack(region: Region, panels: Panels): void {
    const origin = this.constant + (this.batches[region.batch] ?? 0)
    this.loop(this.binding.array, origin, this.lookup, region, panels)
  }
}

/** A packer for a side that is nothing but a float load without ranges and digits. */
export function packerOfLoad(side: Side): Packer | undefined {
  const step = side.program.at(-1)
  if (step?.op !== 'load' || step.within.length > 0 || hasDigits(step)) return undefined
  const binding = side.environment.operands[step.operand]
  if (binding?.dtype !== step.dtype) return undefined
  if (step.dtype !== 'float32' && step.dtype !== 'float64') return undefined
  return new LoadPacker(side, step, step.dtype, binding)
}

import { type IndexData, sizeOf, type TypedArray } from '@tensorweft/core'
import { type CompiledProgram, compileProgram } from '../interpreter/compile-program.ts'
import { chunkSize } from '../interpreter/registers.ts'
import { createSpace } from '../interpreter/space.ts'
import type { Panels } from './micro-kernel.ts'
import type { Packer, Region, Side } from './side.ts'

/** Writes n values to a panel, `step` apart. */
type Interleave = (
  n: number,
  values: TypedArray,
  o: number,
  panels: Panels,
  to: number,
  step: number,
) => void

const interleaveFloat32: Interleave = (n, values, o, panels, to, step) => {
  for (let k = 0; k < n; k++) panels[to + k * step] = values[o + k] ?? 0
}

const interleaveOthers: Interleave = (n, values, o, panels, to, step) => {
  for (let k = 0; k < n; k++) panels[to + k * step] = values[o + k] ?? 0
}

/** The coefficient of the innermost of some axes that has more than one point, if any. */
function innermostStep(
  axes: readonly number[],
  group: readonly number[],
  index: IndexData,
): number {
  const axis = group.findLast((candidate) => axes[candidate] !== 1)
  const terms = index.terms.filter((term) => term.axis === axis)
  return Math.abs(terms.reduce((sum, { coefficient }) => sum + coefficient, 0))
}

/** Whether most loads of a side move in smaller steps from row to row than from depth to depth. */
function isRowInnermost({ program, axes, rows, depth }: Side): boolean {
  let votes = 0
  for (const step of program) {
    if (step.op !== 'load' && step.op !== 'gather') continue
    const along = innermostStep(axes, rows, step.index)
    const across = innermostStep(axes, depth, step.index)
    if (along !== across) votes += across === 0 || (along > 0 && along < across) ? 1 : -1
  }
  return votes > 0
}

/** Packs the values of any program, which the interpreter evaluates in the order of the data. */
class ProgramPacker implements Packer {
  private readonly program: CompiledProgram
  private readonly value: number
  private readonly tile: number
  private readonly interleave: Interleave
  private readonly isRowInnermost: boolean
  private readonly rows: number
  private readonly depth: number

  constructor(side: Side) {
    const { program, axes, batch, rows, depth, environment } = side
    this.isRowInnermost = isRowInnermost(side)
    const order = this.isRowInnermost ? [...depth, ...rows] : [...rows, ...depth]
    const space = createSpace(axes, [...batch, ...order])
    this.value = program.length - 1
    this.program = compileProgram(program, space, environment, [], [this.value])
    this.tile = side.tile
    const dtype = program[this.value]?.dtype
    this.interleave = dtype === 'float32' ? interleaveFloat32 : interleaveOthers
    this.rows = sizeOf(rows.map((axis) => axes[axis] ?? 1))
    this.depth = sizeOf(depth.map((axis) => axes[axis] ?? 1))
  }

  begin(): void {
    this.program.begin()
  }

  pack(region: Region, panels: Panels): void {
    if (this.isRowInnermost) this.packDepths(region, panels)
    else this.packRows(region, panels)
  }

  /** Rows by rows; several at a time where they are whole, and so consecutive. */
  private packRows(region: Region, panels: Panels): void {
    const { tile, program } = this
    const { batch, row, rows, start, depth } = region
    const atOnce = depth === this.depth ? Math.max(Math.floor(chunkSize / depth), 1) : 1
    for (let r = 0; r < rows; r += atOnce) {
      const n = Math.min(atOnce, rows - r)
      for (let k = 0; k < depth; k += chunkSize) {
        const length = Math.min(chunkSize, depth - k)
        program.evaluate((batch * this.rows + row + r) * this.depth + start + k, n * length)
        const { array } = program.cell(this.value)
        for (let q = 0; q < n; q++) {
          const t = (r + q) % tile
          const to = (r + q - t) * depth + k * tile + t
          this.interleave(length, array, q * length, panels, to, tile)
        }
      }
    }
  }

  /** Depth by depth, likewise. */
  private packDepths(region: Region, panels: Panels): void {
    const { program } = this
    const { batch, row, rows, start, depth } = region
    const atOnce = rows === this.rows ? Math.max(Math.floor(chunkSize / rows), 1) : 1
    for (let k = 0; k < depth; k += atOnce) {
      const n = Math.min(atOnce, depth - k)
      for (let r = 0; r < rows; r += chunkSize) {
        const length = Math.min(chunkSize, rows - r)
        program.evaluate((batch * this.depth + start + k) * this.rows + row + r, n * length)
        const { array } = program.cell(this.value)
        for (let q = 0; q < n; q++) {
          this.spread(region, k + q, r, length, array, q * length, panels)
        }
      }
    }
  }

  /** Writes the values of n rows from `row` on at one depth: every panel gets `tile` of them. */
  private spread(
    { depth }: Region,
    k: number,
    row: number,
    n: number,
    values: TypedArray,
    o: number,
    panels: Panels,
  ): void {
    const { tile, interleave } = this
    for (let r = 0; r < n; ) {
      const t = (row + r) % tile
      const length = Math.min(tile - t, n - r)
      interleave(length, values, o + r, panels, (row + r - t) * depth + k * tile + t, 1)
      r += length
    }
  }
}

export function packerOfProgram(side: Side): Packer {
  return new ProgramPacker(side)
}

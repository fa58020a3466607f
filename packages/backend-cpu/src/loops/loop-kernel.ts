import { BackendError, type LoopKernel, type Stage } from '@tensorweft/core'
import type { Binding, Environment } from '../interpreter/binding.ts'
import { type CompiledProgram, compileProgram } from '../interpreter/compile-program.ts'
import { type Cell, chunkSize } from '../interpreter/registers.ts'
import { createSpace } from '../interpreter/space.ts'
import type { CompiledKernel } from '../kernel.ts'
import type { Layout } from './combine.ts'
import { accessesOf, chooseLoopOrder, type LoopOrder, orderedAxes } from './loop-order.ts'
import { ReducedValues } from './reduced.ts'

/** Points of the outer × reduced space that a later stage should still find in the cache. */
const blockSize = 16_384

interface CompiledStage {
  readonly over: 'outer' | 'all'
  readonly program: CompiledProgram
  readonly reductions: readonly { readonly values: ReducedValues; readonly cell: Cell }[]
}

/** Consecutive outer points: `groups` whole groups, or `width` points of one group from `column`. */
interface Block {
  readonly group: number
  readonly groups: number
  readonly column: number
  readonly width: number
}

/**
 * Runs the stages over one block of outer points after the other. A block has at most
 * `chunkSize` outer points, so that the reductions of all of them are accumulated together.
 */
class CompiledLoopKernel implements CompiledKernel {
  private readonly order: LoopOrder
  private readonly stages: readonly CompiledStage[]
  private readonly groupsPerBlock: number
  private readonly layout: Layout = { first: 0, groups: 0, rows: 0, width: 0 }

  constructor(kernel: LoopKernel, operands: readonly Binding[], scalars: readonly number[]) {
    const innermost = kernel.stages.filter(({ over }) => over === 'all')
    this.order = chooseLoopOrder(
      kernel.axes,
      kernel.outer,
      innermost.flatMap(({ program, stores }) => accessesOf(program, stores)),
    )
    const { groups, rows, width } = this.order
    const fitting = Math.floor(chunkSize / Math.max(width, 1))
    const cached = Math.floor(blockSize / Math.max(rows * width, 1))
    const rereads = innermost.length > 1
    const wanted = rereads ? Math.min(fitting, cached) : fitting
    this.groupsPerBlock = Math.max(Math.min(wanted, groups), 1)
    this.stages = this.compileStages(kernel, operands, scalars)
  }

  run(): void {
    const { groups, width } = this.order
    for (const { program } of this.stages) program.begin()
    if (width > chunkSize) this.runColumns()
    else {
      for (let group = 0; group < groups && width > 0; group += this.groupsPerBlock) {
        const count = Math.min(this.groupsPerBlock, groups - group)
        this.runBlock({ group, groups: count, column: 0, width })
      }
    }
  }

  private compileStages(
    kernel: LoopKernel,
    operands: readonly Binding[],
    scalars: readonly number[],
  ): CompiledStage[] {
    const { axes, outer } = kernel
    const outerAxes = axes.map((_, axis) => axis).slice(0, outer)
    const outerSpace = createSpace(axes, outerAxes)
    const wholeSpace = createSpace(axes, orderedAxes(axes, outer, this.order))
    const capacity = Math.min(chunkSize, this.groupsPerBlock * this.order.width)
    const reduced: ReducedValues[] = []
    return kernel.stages.map((stage) => {
      checkStage(kernel, stage)
      const space = stage.over === 'all' ? wholeSpace : outerSpace
      const environment: Environment = { operands, scalars, reduced: [...reduced] }
      const roots = stage.reductions.map(({ value }) => value)
      const program = compileProgram(stage.program, space, environment, stage.stores, roots)
      const reductions = stage.reductions.map((reduction) => {
        const values = new ReducedValues(reduction, capacity, this.layout)
        reduced.push(values)
        return { values, cell: program.cell(reduction.value) }
      })
      return { over: stage.over, program, reductions }
    })
  }

  /** Blocks that are parts of a group. */
  private runColumns(): void {
    const { groups, width } = this.order
    for (let group = 0; group < groups; group++) {
      for (let column = 0; column < width; column += chunkSize) {
        const count = Math.min(chunkSize, width - column)
        this.runBlock({ group, groups: 1, column, width: count })
      }
    }
  }

  private runBlock(block: Block): void {
    for (const stage of this.stages) {
      for (const { values } of stage.reductions) values.reset()
      if (stage.over === 'all') this.runAll(stage, block)
      else {
        const count = block.groups * block.width
        this.setLayout(0, count, 1, 1)
        stage.program.evaluate(block.group * this.order.width + block.column, count)
      }
    }
  }

  /** Evaluates outer × reduced points: whole groups, else whole rows, else parts of rows. */
  private runAll(stage: CompiledStage, block: Block): void {
    const { rows, width } = this.order
    const { group, groups, column } = block
    if (block.width < width) {
      for (let row = 0; row < rows; row++) {
        this.setLayout(0, 1, 1, block.width)
        this.runChunk(stage, (group * rows + row) * width + column)
      }
    } else if (rows * width <= chunkSize) {
      const step = rows === 0 ? groups : Math.floor(chunkSize / (rows * width))
      for (let g = 0; g < groups; g += step) {
        this.setLayout(g * width, Math.min(step, groups - g), rows, width)
        this.runChunk(stage, (group + g) * rows * width)
      }
    } else {
      const step = Math.floor(chunkSize / width)
      for (let g = 0; g < groups; g++) {
        for (let row = 0; row < rows; row += step) {
          this.setLayout(g * width, 1, Math.min(step, rows - row), width)
          this.runChunk(stage, ((group + g) * rows + row) * width)
        }
      }
    }
  }

  private runChunk(stage: CompiledStage, start: number): void {
    const { groups, rows, width } = this.layout
    const count = groups * rows * width
    if (count === 0) return
    stage.program.evaluate(start, count)
    for (const { values, cell } of stage.reductions) values.add(cell.array)
  }

  private setLayout(first: number, groups: number, rows: number, width: number): void {
    const { layout } = this
    layout.first = first
    layout.groups = groups
    layout.rows = rows
    layout.width = width
  }
}

function checkStage(kernel: LoopKernel, { over, reductions, program }: Stage): void {
  if (over === 'outer' && reductions.length > 0) {
    throw new BackendError('cpu.compile', {
      got: `reductions in a stage over the outer axes of the kernel '${kernel.label}'`,
      wanted: 'reductions in stages over all axes only',
    })
  }
  for (const { value, dtype } of reductions) {
    if (program[value]?.dtype === dtype) continue
    throw new BackendError('cpu.compile', {
      got: `a ${dtype} reduction of ${program[value]?.dtype} values in '${kernel.label}'`,
      wanted: 'values of the dtype of the reduction',
      hint: 'cast the values in the stage',
    })
  }
}

/** A kernel without reduced axes: its single stage, chunk by chunk. */
class CompiledMap implements CompiledKernel {
  private readonly size: number
  private readonly programs: readonly CompiledProgram[]

  constructor(kernel: LoopKernel, operands: readonly Binding[], scalars: readonly number[]) {
    const { axes, outer } = kernel
    const space = createSpace(
      axes,
      axes.slice(0, outer).map((_, axis) => axis),
    )
    this.size = space.size
    this.programs = kernel.stages.map(({ program, stores }) =>
      compileProgram(program, space, { operands, scalars, reduced: [] }, stores, []),
    )
  }

  run(): void {
    for (const program of this.programs) program.begin()
    for (let start = 0; start < this.size; start += chunkSize) {
      const count = Math.min(chunkSize, this.size - start)
      for (const program of this.programs) program.evaluate(start, count)
    }
  }
}

export function compileLoopKernel(
  kernel: LoopKernel,
  operands: readonly Binding[],
  scalars: readonly number[],
): CompiledKernel {
  if (kernel.stages.some(({ over }) => over === 'all')) {
    return new CompiledLoopKernel(kernel, operands, scalars)
  }
  return new CompiledMap(kernel, operands, scalars)
}

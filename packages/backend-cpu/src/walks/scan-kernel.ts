import { BackendError, createTypedArray, identityOf, type ScanKernel } from '@tensorweft/core'
import type { Action } from '../interpreter/action.ts'
import type { Binding } from '../interpreter/binding.ts'
import { type CompiledProgram, compileProgram } from '../interpreter/compile-program.ts'
import type { Cell } from '../interpreter/registers.ts'
import { createSpace, type Space } from '../interpreter/space.ts'
import { storeFrom } from '../interpreter/stores.ts'
import type { CompiledKernel } from '../kernel.ts'
import { type Accumulators, createAccumulators } from '../loops/combine.ts'
import { accessesOf, chooseLoopOrder, type LoopOrder, orderedAxes } from '../loops/loop-order.ts'
import { operandOf } from './operand-of.ts'
import { type ScanLoops, scanLoopsOf } from './scan-loops.ts'

/**
 * Walks all points in the order of memory, `width` rows abreast, and carries a total for each of
 * these rows from chunk to chunk.
 */
class CompiledScan implements CompiledKernel {
  private readonly space: Space
  private readonly order: LoopOrder
  private readonly program: CompiledProgram
  private readonly values: Cell
  private readonly totals: Accumulators
  private readonly identity: number
  private readonly loops: ScanLoops
  private readonly out: Cell
  private readonly store: Action

  constructor(kernel: ScanKernel, operands: readonly Binding[], scalars: readonly number[]) {
    const { axes, outer, program, store } = kernel
    const { combiner, dtype, value } = kernel.reduction
    this.order = chooseLoopOrder(axes, outer, accessesOf(program, [store]))
    this.space = createSpace(axes, orderedAxes(axes, outer, this.order))
    const environment = { operands, scalars, reduced: [] }
    this.program = compileProgram(program, this.space, environment, [], [value])
    this.values = this.program.cell(value)
    this.totals = createAccumulators(dtype, this.order.width)
    this.identity = identityOf(combiner, dtype)
    this.loops = scanLoopsOf(combiner, dtype)
    const { capacity } = this.program
    this.out = { array: createTypedArray(dtype, capacity) }
    const target = operandOf(kernel, operands, store.operand, dtype)
    this.store = storeFrom(store, this.space, target, this.out, capacity)
  }

  run(): void {
    const { program, space, store } = this
    program.begin()
    for (let start = 0; start < space.size; start += program.capacity) {
      const count = Math.min(program.capacity, space.size - start)
      program.evaluate(start, count)
      this.total(start, count)
      store.run(start, count)
    }
  }

  /** Totals of `count` points from point `start` on, which begin and end anywhere in a row. */
  private total(start: number, count: number): void {
    const { totals, loops, identity, out, values } = this
    const { rows, width } = this.order
    for (let o = 0; o < count; ) {
      const column = (start + o) % width
      const position = Math.floor((start + o) / width) % rows
      const n = Math.min(width === 1 ? rows - position : width - column, count - o)
      if (position === 0) totals.fill(identity, column, width === 1 ? 1 : column + n)
      if (width === 1) loops.run(totals, 0, values.array, o, out.array, n)
      else loops.columns(totals, column, values.array, o, out.array, n)
      o += n
    }
  }
}

export function compileScan(
  kernel: ScanKernel,
  operands: readonly Binding[],
  scalars: readonly number[],
): CompiledKernel {
  const { label, reduction, program } = kernel
  const dtype = program[reduction.value]?.dtype
  if (dtype !== reduction.dtype) {
    throw new BackendError('cpu.compile', {
      got: `a ${reduction.dtype} scan of ${dtype} values in '${label}'`,
      wanted: 'values of the dtype of the totals',
      hint: 'cast the values in the program',
    })
  }
  return new CompiledScan(kernel, operands, scalars)
}

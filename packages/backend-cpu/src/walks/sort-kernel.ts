import type { SortKernel } from '@tensorweft/core'
import { sizeOf } from '@tensorweft/core'
import type { Action } from '../interpreter/action.ts'
import type { Binding } from '../interpreter/binding.ts'
import { type CompiledProgram, compileProgram } from '../interpreter/compile-program.ts'
import { type Cell, partOf } from '../interpreter/registers.ts'
import { createSpace, type Space } from '../interpreter/space.ts'
import { storeFrom } from '../interpreter/stores.ts'
import type { CompiledKernel } from '../kernel.ts'
import { MergeSort } from './merge-sort.ts'
import { operandOf } from './operand-of.ts'

/** Walks the points row by row, chunk by chunk; each row is sorted when its last value is there. */
class CompiledSort implements CompiledKernel {
  private readonly space: Space
  private readonly length: number
  private readonly descending: boolean
  private readonly program: CompiledProgram
  private readonly values: Cell
  private readonly mergeSort: MergeSort
  private readonly out: Cell
  private readonly store: Action

  constructor(kernel: SortKernel, operands: readonly Binding[], scalars: readonly number[]) {
    const { axes, outer, program, store, descending } = kernel
    this.space = createSpace(
      axes,
      axes.map((_, axis) => axis),
    )
    this.length = sizeOf(axes.slice(outer))
    this.descending = descending
    const environment = { operands, scalars, reduced: [] }
    this.program = compileProgram(program, this.space, environment, [], [store.value])
    this.values = this.program.cell(store.value)
    this.mergeSort = new MergeSort(this.length)
    this.out = { array: new Int32Array() }
    const target = operandOf(kernel, operands, store.operand, 'int32')
    this.store = storeFrom(store, this.space, target, this.out, this.program.capacity)
  }

  run(): void {
    const { program, space, length, mergeSort } = this
    program.begin()
    for (let start = 0; start < space.size; start += program.capacity) {
      const count = Math.min(program.capacity, space.size - start)
      program.evaluate(start, count)
      for (let o = 0; o < count; ) {
        const position = (start + o) % length
        const n = Math.min(length - position, count - o)
        mergeSort.keys.set(this.values.array.subarray(o, o + n), position)
        o += n
        if (position + n === length) this.finish(start + o - length)
      }
    }
  }

  /** Sorts the row that begins at point `first`. */
  private finish(first: number): void {
    const { length, out, program, store } = this
    const positions = this.mergeSort.sort(length, this.descending)
    for (let start = 0; start < length; start += program.capacity) {
      const count = Math.min(program.capacity, length - start)
      out.array = partOf(positions, start, count)
      store.run(first + start, count)
    }
  }
}

export function compileSort(
  kernel: SortKernel,
  operands: readonly Binding[],
  scalars: readonly number[],
): CompiledKernel {
  return new CompiledSort(kernel, operands, scalars)
}

import {
  type ArithmeticDType,
  arithmeticOf,
  BackendError,
  type ScatterKernel,
  type TypedArray,
} from '@tensorweft/core'
import type { Binding } from '../interpreter/binding.ts'
import { type CompiledProgram, compileProgram } from '../interpreter/compile-program.ts'
import { IndexVector } from '../interpreter/index-vector.ts'
import type { Cell } from '../interpreter/registers.ts'
import { createSpace, type Space } from '../interpreter/space.ts'
import type { CompiledKernel } from '../kernel.ts'
import { accessesOf, chooseLoopOrder, orderedAxes } from '../loops/loop-order.ts'
import { operandOf } from './operand-of.ts'

/** Where the points of a chunk go: to `first + stride · target`, unless a target is outside. */
interface Places {
  readonly targets: TypedArray
  readonly first: Float64Array
  readonly stride: number
  readonly size: number
}

/** Adds n values to the elements of `data` at their places, in order. */
type Scatter = (n: number, data: TypedArray, values: TypedArray, places: Places) => void

// One function for each kind of array, for the engine's sake. Typed arrays round and wrap.

const float32: Scatter = (n, data, values, { targets, first, stride, size }) => {
  for (let k = 0; k < n; k++) {
    const target = targets[k] ?? -1
    if (target < 0 || target >= size) continue
    const i = (first[k] ?? 0) + stride * target
    data[i] = (data[i] ?? 0) + (values[k] ?? 0)
  }
}

const float64: Scatter = (n, data, values, { targets, first, stride, size }) => {
  for (let k = 0; k < n; k++) {
    const target = targets[k] ?? -1
    if (target < 0 || target >= size) continue
    const i = (first[k] ?? 0) + stride * target
    data[i] = (data[i] ?? 0) + (values[k] ?? 0)
  }
}

const int32: Scatter = (n, data, values, { targets, first, stride, size }) => {
  for (let k = 0; k < n; k++) {
    const target = targets[k] ?? -1
    if (target < 0 || target >= size) continue
    const i = (first[k] ?? 0) + stride * target
    data[i] = (data[i] ?? 0) + (values[k] ?? 0)
  }
}

const uint8: Scatter = (n, data, values, { targets, first, stride, size }) => {
  for (let k = 0; k < n; k++) {
    const target = targets[k] ?? -1
    if (target < 0 || target >= size) continue
    const i = (first[k] ?? 0) + stride * target
    data[i] = (data[i] ?? 0) + (values[k] ?? 0)
  }
}

const bool: Scatter = (n, data, values, { targets, first, stride, size }) => {
  for (let k = 0; k < n; k++) {
    const target = targets[k] ?? -1
    if (target < 0 || target >= size) continue
    const i = (first[k] ?? 0) + stride * target
    data[i] = (data[i] ?? 0) | (values[k] ?? 0)
  }
}

const scatters: Readonly<Record<ArithmeticDType, Scatter>> = {
  float32,
  float64,
  int32,
  uint8,
  bool,
}

/**
 * Walks all points in the order of memory; the points of one row keep theirs, whatever rows are
 * walked abreast.
 */
class CompiledScatter implements CompiledKernel {
  private readonly space: Space
  private readonly program: CompiledProgram
  private readonly targets: Cell
  private readonly values: Cell
  private readonly first: IndexVector
  private readonly out: Binding
  private readonly scatter: Scatter
  private readonly stride: number
  private readonly size: number

  constructor(kernel: ScatterKernel, operands: readonly Binding[], scalars: readonly number[]) {
    const { axes, outer, program, target, stride, size, store } = kernel
    const order = chooseLoopOrder(axes, outer, accessesOf(program, []))
    this.space = createSpace(axes, orderedAxes(axes, outer, order))
    const environment = { operands, scalars, reduced: [] }
    this.program = compileProgram(program, this.space, environment, [], [target, store.value])
    this.targets = this.program.cell(target)
    this.values = this.program.cell(store.value)
    this.first = new IndexVector(this.space, store.index, this.program.capacity)
    const dtype = program[store.value]?.dtype ?? 'float32'
    this.out = operandOf(kernel, operands, store.operand, dtype)
    this.scatter = scatters[arithmeticOf(dtype)]
    this.stride = stride
    this.size = size
  }

  run(): void {
    const { program, space, first, out, scatter, stride, size } = this
    program.begin()
    for (let start = 0; start < space.size; start += program.capacity) {
      const count = Math.min(program.capacity, space.size - start)
      program.evaluate(start, count)
      first.fill(start, count)
      const places = { targets: this.targets.array, first: first.values, stride, size }
      scatter(count, out.array, this.values.array, places)
    }
  }
}

export function compileScatter(
  kernel: ScatterKernel,
  operands: readonly Binding[],
  scalars: readonly number[],
): CompiledKernel {
  const dtype = kernel.program[kernel.target]?.dtype
  if (dtype !== 'int32') {
    throw new BackendError('cpu.compile', {
      got: `${dtype} targets in '${kernel.label}'`,
      wanted: 'int32',
    })
  }
  return new CompiledScatter(kernel, operands, scalars)
}

import { expect, test } from 'vitest'
import type { DType, TypedArray } from '../dtype.ts'
import type { Kernel, ScanKernel, ScatterKernel, SortKernel } from '../ir/kernel.ts'
import type { IndexData, Step } from '../ir/program.ts'
import { kernelFunction } from './interpreter.testing.ts'

function affine(coefficients: readonly number[], constant = 0): IndexData {
  const terms = coefficients.map((coefficient, axis) => ({ axis, coefficient }))
  return { constant, terms, digits: [] }
}

function load(dtype: DType, operand: number, index: IndexData): Step {
  return { op: 'load', dtype, operand, index, within: [] }
}

/** Runs a kernel on the arrays of its operands. */
function run(kernel: Kernel, arrays: TypedArray[]): void {
  kernelFunction(kernel)({ counters: [], values: [], reduced: [], arrays, scalars: [] })
}

/** What is interpreted here asks for no slots. */
const rows = { label: 'rows', axes: [2, 3], outer: 1, operands: [] }
const program = [load('float32', 0, affine([3, 1]))]

test('scan', () => {
  const kernel: ScanKernel = {
    kind: 'scan',
    ...rows,
    program,
    reduction: { combiner: 'max', value: 0, dtype: 'float32' },
    store: { value: 0, operand: 1, index: affine([3, 1]) },
  }
  const out = new Float32Array(6)
  run(kernel, [Float32Array.of(1, 3, 2, -5, -6, Number.NaN), out])
  expect(out).toEqual(Float32Array.of(1, 3, 3, -5, -5, Number.NaN))
})

test('sort', () => {
  const kernel = (descending: boolean): SortKernel => ({
    kind: 'sort',
    ...rows,
    program,
    descending,
    store: { value: 0, operand: 1, index: affine([3, 1]) },
  })
  const out = new Int32Array(6)
  const input = Float32Array.of(Number.NaN, 1, 1, 0, Number.POSITIVE_INFINITY, -0)
  run(kernel(false), [input, out])
  expect(out).toEqual(Int32Array.of(1, 2, 0, 0, 2, 1))
  run(kernel(true), [input, out])
  expect(out).toEqual(Int32Array.of(1, 2, 0, 1, 0, 2))
})

test('scatter', () => {
  const kernel: ScatterKernel = {
    kind: 'scatter',
    ...rows,
    program: [...program, load('int32', 1, affine([0, 1]))],
    target: 1,
    stride: 2,
    size: 2,
    store: { value: 0, operand: 2, index: affine([1, 0]) },
  }
  const out = Float32Array.of(100, 200, 300, 400)
  run(kernel, [Float32Array.of(1, 2, 4, 10, 20, 40), Int32Array.of(1, 2, 1), out])
  expect(out).toEqual(Float32Array.of(100, 200, 305, 450))
})

test('gather', () => {
  const gather: Step = {
    op: 'gather',
    dtype: 'float32',
    operand: 0,
    index: affine([1], -1),
    offset: 0,
    within: [{ index: affine([1]), low: 0, high: 2 }],
  }
  const stores = [{ value: 1, operand: 2, index: affine([1]) }]
  const steps = [load('int32', 1, affine([1])), gather]
  const stages = [{ over: 'outer' as const, program: steps, reductions: [], stores }]
  const out = new Float32Array(3)
  const arrays = [Float32Array.of(1, 2, 3), Int32Array.of(3, 1, 2 ** 30), out]
  run({ ...rows, kind: 'map', axes: [3], stages }, arrays)
  expect(out).toEqual(Float32Array.of(3, 2, 0))
})

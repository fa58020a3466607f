import {
  BackendError,
  type Kernel,
  type Plan,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
} from '@tensorweft/core'
import { affine, load, operandsOf, planOf, Random, runPlan } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'
import { emitPlanModule } from '../plan.ts'
import { eager } from '../threads/eager.testing.ts'
import { wasmWith } from '../wasm-backend.ts'
import { sortBytes } from './sort-functions.ts'

const float32 = (size: number) => ({ dtype: 'float32' as const, size })
const int32 = (size: number) => ({ dtype: 'int32' as const, size })

function scan(rows: number, length: number): ScanKernel {
  const spec = float32(rows * length)
  return {
    kind: 'scan',
    label: 'cumsum',
    axes: [rows, length],
    outer: 1,
    operands: operandsOf(spec, spec),
    program: [load('float32', 0, affine([length, 1]))],
    reduction: { combiner: 'sum', value: 0, dtype: 'float32' },
    store: { value: 0, operand: 1, index: affine([length, 1]) },
  }
}

function sort(rows: number, length: number, input: number, output: number): SortKernel {
  return {
    kind: 'sort',
    label: 'argsort',
    axes: [rows, length],
    outer: 1,
    operands: [
      { slot: input, dtype: 'float32' },
      { slot: output, dtype: 'int32' },
    ],
    program: [load('float32', 0, affine([length, 1]))],
    descending: false,
    store: { value: 0, operand: 1, index: affine([length, 1]) },
  }
}

const scatter: ScatterKernel = {
  kind: 'scatter',
  label: 'scatterAdd',
  axes: [2, 4],
  outer: 1,
  operands: operandsOf(int32(4), float32(8), float32(6)),
  program: [load('int32', 0, affine([0, 1])), load('float32', 1, affine([1, 2]))],
  target: 0,
  stride: 2,
  size: 3,
  store: { value: 1, operand: 2, index: affine([1, 0]) },
}

describe('scan', () => {
  test.each([
    [1, 4000],
    [9, 4000],
  ])('sums of float32 over %i rows of %i do not lose small terms', async (rows, length) => {
    const spec = float32(rows * length)
    const input = new Float32Array(rows * length).fill(1)
    for (let row = 0; row < rows; row++) input[row * length] = 2 ** 24
    const [got = []] = await runPlan(
      wasm(),
      planOf({ kernels: [scan(rows, length)], inputs: [spec], outputs: [spec] }),
      [input],
    )
    expect(got[length - 1]).toBe(2 ** 24 + length)
  })

  test.each([
    [3, 70],
    [70, 3],
  ])('of %i rows of %i may be written over what it reads', async (rows, length) => {
    const spec = float32(rows * length)
    const plan = planOf({ kernels: [scan(rows, length)], inputs: [spec], outputs: [spec] })
    const donating: Plan = { ...plan, outputs: [{ ...spec, donated: 0 }] }
    const input = new Random(1).floats(rows * length)
    expect(await runPlan(wasm(), donating, [input])).toEqual(await runPlan(wasm(), plan, [input]))
  })
})

test('sorts of several lengths work in one scratch memory', async () => {
  const [long, short] = [new Random(1).floats(3000), new Random(2).floats(5 * 7)]
  const kernels = [sort(1, 3000, 0, 2), sort(5, 7, 1, 3)]
  const plan = planOf({
    kernels,
    inputs: [float32(3000), float32(35)],
    outputs: [int32(3000), int32(35)],
  })
  const [first = [], second = []] = await runPlan(wasm(), plan, [long, short], [], 2)
  const orderOf = (values: Float32Array) =>
    Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  expect(Array.from(first)).toEqual(orderOf(long))
  for (let row = 0; row < 5; row++) {
    const values = short.subarray(7 * row, 7 * row + 7)
    expect(Array.from(second).slice(7 * row, 7 * row + 7)).toEqual(orderOf(values))
  }
})

describe('sorts that threads share', () => {
  const planOfSort = (kernel: SortKernel) => {
    const size = kernel.axes.reduce((product, axis) => product * axis, 1)
    return planOf({ kernels: [kernel], inputs: [float32(size)], outputs: [int32(size)] })
  }

  test.each([1, 2, 5, 8, 40])('of %i rows take memory for those at work', (rows) => {
    const kernel = sort(rows, 4096, 0, 1)
    const target = { ...eager, maximumPages: 100, isShared: true, threads: 8, canWait: true }
    const { scratchBytes, saved } = emitPlanModule(planOfSort(kernel), [kernel], target)
    expect(scratchBytes).toBe(Math.min(rows, 8) * sortBytes(4096))
    expect(saved > 0).toBe(rows > 1)
    const page = emitPlanModule(planOfSort(kernel), [kernel], { ...target, canWait: false })
    expect(page.scratchBytes).toBe(scratchBytes)
    expect(page.saved).toBeGreaterThan(0)
  })

  test.each([1, 2, 3, 7])('of %i rows are those of one thread', async (rows) => {
    const kernel = sort(rows, 500, 0, 1)
    const input = new Random(3).floats(rows * 500)
    const backend = wasmWith({ threads: 3 }, eager)
    expect(await runPlan(backend, planOfSort(kernel), [input], [], 3)).toEqual(
      await runPlan(wasm({ threads: 1 }), planOfSort(kernel), [input], [], 3),
    )
  })
})

test('a scatter touches nothing outside, however far its targets are', async () => {
  const targets = Int32Array.of(-1, 3, 2 ** 31 - 1, -(2 ** 31))
  const inputs = [int32(4), float32(8), float32(6)]
  const plan = planOf({ kernels: [scatter], inputs, outputs: [] })
  const operands = scatter.operands.map((operand, k) =>
    k === 2 ? { ...operand, slot: 3 } : operand,
  )
  const slots = [...plan.slots, { in: 'output' as const, output: 0, ...float32(6) }]
  const outputs = [{ ...float32(6), donated: 2 }]
  const whole = { ...plan, slots, outputs, kernels: [{ ...scatter, operands }] }
  const initial = Float32Array.of(1, 2, 3, 4, 5, 6)
  const [got] = await runPlan(wasm(), whole, [targets, new Float32Array(8).fill(9), initial])
  expect(got).toEqual(initial)
})

describe('kernels that make no sense are refused', () => {
  const refuse = (kernel: Kernel) => {
    const specs = kernel.operands.map(({ dtype }) => ({ dtype, size: 8 }))
    expect(() => wasm().compile(planOf({ kernels: [kernel], inputs: specs, outputs: [] }))).toThrow(
      BackendError,
    )
  }

  test('a scan of another dtype than its values', () => {
    refuse({ ...scan(2, 4), reduction: { combiner: 'sum', value: 0, dtype: 'int32' } })
  })

  test('a sort of float64', () => {
    const program = [load('float64', 0, affine([4, 1]))]
    refuse({ ...sort(2, 4, 0, 1), program })
  })

  test('targets that are floats', () => {
    refuse({ ...scatter, target: 1 })
  })

  test('an operand that is not there', () => {
    refuse({ ...sort(2, 4, 0, 7) })
  })
})

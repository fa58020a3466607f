import {
  BackendError,
  type DType,
  type Kernel,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
  type TypedArray,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { cpu } from '../index.ts'
import { index, load, operandsOf, planOf, runOnCpu } from '../plans.testing.ts'

const float32 = (size: number) => ({ dtype: 'float32' as const, size })
const int32 = (size: number) => ({ dtype: 'int32' as const, size })

function scan(rows: number, length: number, dtype: DType = 'float32'): ScanKernel {
  const spec = { dtype, size: rows * length }
  return {
    kind: 'scan',
    label: 'cumsum',
    axes: [rows, length],
    outer: 1,
    operands: operandsOf(spec, spec),
    program: [load(dtype, 0, [length, 1])],
    reduction: { combiner: 'sum', value: 0, dtype },
    store: { value: 0, operand: 1, index: index(0, [length, 1]) },
  }
}

function sort(length: number, descending = false): SortKernel {
  return {
    kind: 'sort',
    label: 'argsort',
    axes: [length],
    outer: 0,
    operands: operandsOf(float32(length), int32(length)),
    program: [load('float32', 0, [1])],
    descending,
    store: { value: 0, operand: 1, index: index(0, [1]) },
  }
}

/** Rows of two numbers are added to rows of a table of three. */
const scatter: ScatterKernel = {
  kind: 'scatter',
  label: 'scatterAdd',
  axes: [2, 4],
  outer: 1,
  operands: operandsOf(int32(4), float32(8), float32(6)),
  program: [load('int32', 0, [0, 1]), load('float32', 1, [1, 2])],
  target: 0,
  stride: 2,
  size: 3,
  store: { value: 1, operand: 2, index: index(0, [1, 0]) },
}

describe('scan', () => {
  test('sums over rows', async () => {
    const spec = float32(6)
    const input = Float32Array.of(1, 2, 3, 10, 20, 30)
    const [got] = await runOnCpu(planOf([scan(2, 3)], [spec], [spec]), [input])
    expect(got).toEqual(Float32Array.of(1, 3, 6, 10, 30, 60))
  })

  test('long sums of float32 do not lose small terms', async () => {
    const length = 4000
    const spec = float32(length)
    const input = new Float32Array(length).fill(1)
    input[0] = 2 ** 24
    const [got = []] = await runOnCpu(planOf([scan(1, length)], [spec], [spec]), [input])
    expect(got[length - 1]).toBe(2 ** 24 + length)
  })

  test('may be written over what it reads', async () => {
    const plan = planOf([scan(700, 3)], [float32(2100)], [float32(2100)])
    const donating = { ...plan, outputs: [{ ...float32(2100), donated: 0 }] }
    const input = Float32Array.from({ length: 2100 }, (_, k) => k % 11)
    expect(await runOnCpu(donating, [input])).toEqual(await runOnCpu(plan, [input]))
  })
})

test('sort gives positions', async () => {
  const input = Float32Array.of(3, Number.NaN, -1, 3, -0, 0)
  const run = async (descending: boolean): Promise<TypedArray[]> =>
    runOnCpu(planOf([sort(6, descending)], [float32(6)], [int32(6)]), [input])
  expect(await run(false)).toEqual([Int32Array.of(2, 4, 5, 0, 3, 1)])
  expect(await run(true)).toEqual([Int32Array.of(0, 3, 4, 5, 2, 1)])
})

test('scatter adds rows, and leaves out targets that are not there', async () => {
  const plan = planOf([scatter], [int32(4), float32(8), float32(6)], [])
  const slots = [...plan.slots, { in: 'output' as const, output: 0, ...float32(6) }]
  const operands = scatter.operands.map((operand, k) =>
    k === 2 ? { ...operand, slot: 3 } : operand,
  )
  const outputs = [{ ...float32(6), donated: 2 }]
  const inputs = [
    Int32Array.of(2, 0, 2, 3),
    Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    Float32Array.of(100, 100, 100, 100, 100, 100),
  ]
  const whole = { ...plan, slots, outputs, kernels: [{ ...scatter, operands }] }
  expect(await runOnCpu(whole, inputs)).toEqual([Float32Array.of(103, 104, 100, 100, 106, 108)])
})

describe('kernels that make no sense are refused', () => {
  const refuse = (kernel: Kernel) => {
    const specs = kernel.operands.map(({ dtype }) => ({ dtype, size: 8 }))
    expect(() => cpu().compile(planOf([kernel], specs, []))).toThrow(BackendError)
  }

  test('a scan of another dtype than its values', () => {
    refuse({ ...scan(2, 4), reduction: { combiner: 'sum', value: 0, dtype: 'int32' } })
  })

  test('totals that go to another dtype', () => {
    refuse({ ...scan(2, 4), operands: operandsOf(float32(8), int32(8)) })
  })

  test('positions that go to floats', () => {
    refuse({ ...sort(8), operands: operandsOf(float32(8), float32(8)) })
  })

  test('targets that are floats', () => {
    refuse({ ...scatter, target: 1 })
  })

  test('a gather by floats', () => {
    const gather = { op: 'gather', dtype: 'float32', operand: 0, index: index(0, []) } as const
    const program = [load('float32', 0, [4, 1]), { ...gather, offset: 0, within: [] }]
    refuse({ ...scan(2, 4), program, reduction: { combiner: 'sum', value: 1, dtype: 'float32' } })
  })
})

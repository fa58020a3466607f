import type { Kernel, Plan, ScanKernel, ScatterKernel, SortKernel, Step } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, load } from '../../plans/steps.ts'
import { planTraffic } from '../../recording/kernel-traffic.ts'
import { interpretPlan } from './interpret-plan.ts'

const float32 = (size: number) => ({ dtype: 'float32' as const, size })
const int32 = (size: number) => ({ dtype: 'int32' as const, size })

const common = {
  label: 'rows of three',
  axes: [2, 3],
  outer: 1,
  program: [load('float32', 0, affine([3, 1]))],
}
const inputs = [float32(6)]

function onePlan(kernel: Kernel, output: Plan['inputs'][number]): Plan {
  return planOf({ inputs, outputs: [output], kernels: [kernel] })
}

test('scan: each point has the total up to its own', () => {
  const scan: ScanKernel = {
    kind: 'scan',
    ...common,
    operands: operandsOf(float32(6), float32(6)),
    reduction: { combiner: 'prod', value: 0, dtype: 'float32' },
    store: { value: 0, operand: 1, index: affine([1, 2]) },
  }
  const [got] = interpretPlan(onePlan(scan, float32(6)), [Float32Array.of(1, 2, 3, 4, 5, 6)])
  expect(got).toEqual(Float32Array.of(1, 4, 2, 20, 6, 120))
  expect(planTraffic(onePlan(scan, float32(6)))).toEqual({ bytesRead: 24, bytesWritten: 24 })
})

test('sort: stable both ways, NaN last', () => {
  const sort = (descending: boolean): SortKernel => ({
    kind: 'sort',
    ...common,
    operands: operandsOf(float32(6), int32(6)),
    descending,
    store: { value: 0, operand: 1, index: affine([3, 1]) },
  })
  const input = Float32Array.of(-0, -1, 0, Number.NaN, 5, 7)
  const order = (descending: boolean) => interpretPlan(onePlan(sort(descending), int32(6)), [input])
  expect(order(false)).toEqual([Int32Array.of(1, 0, 2, 1, 2, 0)])
  expect(order(true)).toEqual([Int32Array.of(0, 2, 1, 2, 1, 0)])
})

const scatter: ScatterKernel = {
  kind: 'scatter',
  ...common,
  operands: operandsOf(float32(6), int32(3), float32(4)),
  program: [load('int32', 1, affine([0, 1])), ...common.program],
  target: 0,
  stride: 2,
  size: 2,
  store: { value: 1, operand: 2, index: affine([1, 0]) },
}
test('scatter: adds to what there is, and leaves out targets outside', () => {
  const plan = planOf({
    inputs: [...inputs, int32(3), float32(4)],
    outputs: [{ ...float32(4), donated: 2 }],
    kernels: [scatter],
  })
  const values = [Float32Array.of(1, 2, 4, 10, 20, 40), Int32Array.of(1, -1, 1)]
  const [got] = interpretPlan(plan, [...values, Float32Array.of(100, 200, 300, 400)])
  expect(got).toEqual(Float32Array.of(100, 200, 305, 450))
  // The result is read too: 24 bytes of values, 12 of targets, 16 of what is added to.
  expect(planTraffic(plan)).toEqual({ bytesRead: 52, bytesWritten: 16 })
})

test('gather: the offset adds to the index, and only where the guard holds', () => {
  const program: Step[] = [
    load('int32', 1, affine([1])),
    {
      op: 'gather',
      dtype: 'float32',
      operand: 0,
      index: affine([1], -1),
      offset: 0,
      within: [{ index: affine([1]), low: 0, high: 2 }],
    },
  ]
  const stages = [
    {
      over: 'outer' as const,
      program,
      reductions: [],
      stores: [{ value: 1, operand: 2, index: affine([1]) }],
    },
  ]
  const operands = operandsOf(float32(6), int32(3), float32(3))
  const plan = planOf({
    inputs: [...inputs, int32(3)],
    outputs: [float32(3)],
    kernels: [{ kind: 'map', label: 'gather', axes: [3], outer: 1, operands, stages }],
  })
  const values = Float32Array.of(1, 2, 3, 4, 5, 6)
  expect(interpretPlan(plan, [values, Int32Array.of(3, 5, 2 ** 30)])).toEqual([
    Float32Array.of(3, 6, 0),
  ])
  expect(() => interpretPlan(plan, [values, Int32Array.of(0, 0, 0)])).toThrow('no element -1')
  expect(planTraffic(plan)).toEqual({ bytesRead: 36, bytesWritten: 12 })
})

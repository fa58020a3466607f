import type { ContractKernel, LoopKernel, Step } from '@tensorweft/core'
import { affine, apply, load } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { costOf } from './cost.ts'

function map(size: number, ...instructions: readonly ('mul' | 'tanh')[]): LoopKernel {
  const steps = instructions.map((name, k) => apply('float32', name, k, k))
  const program: Step[] = [load('float32', 0, affine([1])), ...steps]
  const stores = [{ value: program.length - 1, operand: 1, index: affine([1]) }]
  const stages = [{ over: 'outer' as const, program, reductions: [], stores }]
  return { kind: 'map', label: 'map', axes: [size], outer: 1, operands: [], stages }
}

test('costs grow with the points and with what is computed at each', () => {
  expect(costOf(map(2000, 'mul'))).toBeCloseTo(2 * costOf(map(1000, 'mul')))
  expect(costOf(map(1000, 'tanh'))).toBeGreaterThan(2 * costOf(map(1000, 'mul')))
  expect(costOf(map(0, 'mul'))).toBe(0)
})

test('a product of 1024 × 1024 matrices takes tens of milliseconds', () => {
  const kernel: ContractKernel = {
    kind: 'contract',
    label: 'product',
    axes: [1024, 1024, 1024],
    batch: [],
    m: [0],
    n: [1],
    k: [2],
    operands: [],
    left: { program: [load('float32', 0, affine([1024, 0, 1]))] },
    right: { program: [load('float32', 1, affine([0, 1024, 1]))] },
    epilogue: [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
    stores: [{ value: 0, operand: 2, index: affine([1024, 1, 0]) }],
  }
  expect(costOf(kernel) / 1e6).toBeGreaterThan(20)
  expect(costOf(kernel) / 1e6).toBeLessThan(100)
})

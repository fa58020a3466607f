import type { DType, LoopKernel, Stage, Step } from '@tensorweft/core'
import { affine, load } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { writeKernel } from './write-kernel.ts'

const vectors = 'array<vec4<u32>>'

const at = (operand: number, strides: readonly number[], dtype: DType = 'float32') =>
  load(dtype, operand, affine(strides))

/** The WGSL of a kernel whose operands all lie in one slab. */
function textOf(
  axes: readonly number[],
  outer: number,
  dtypes: readonly DType[],
  stages: readonly Stage[],
): string {
  const kernel: LoopKernel = {
    kind: outer === axes.length ? 'map' : 'row',
    label: 'fours',
    axes,
    outer,
    operands: dtypes.map((dtype, slot) => ({ slot, dtype })),
    stages,
  }
  return writeKernel(
    kernel,
    dtypes.map(() => 0),
  ).code
}

/** Copies operand 0 to operand 1. */
function copy(axes: readonly number[], from: readonly number[], to: readonly number[]): string {
  const store = { value: 0, operand: 1, index: affine(to) }
  const stage: Stage = { over: 'outer', program: [at(0, from)], reductions: [], stores: [store] }
  return textOf(axes, axes.length, ['float32', 'float32'], [stage])
}

/** Sums operand 0 over the last axis. */
function sum(axes: readonly [number, number], strides: readonly [number, number]): string {
  const reductions = [{ combiner: 'sum', value: 0, dtype: 'float32' }] as const
  const store = { value: 0, operand: 1, index: affine([1]) }
  return textOf(
    axes,
    1,
    ['float32', 'float32'],
    [
      { over: 'all', program: [at(0, strides)], reductions, stores: [] },
      {
        over: 'outer',
        program: [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
        reductions: [],
        stores: [store],
      },
    ],
  )
}

test('a map takes four neighbours at once wherever its stores do', () => {
  expect(copy([1000], [1], [1])).toContain(vectors)
  expect(copy([1003], [1], [1])).toContain(vectors)
  expect(copy([3, 5, 8], [40, 8, 1], [40, 8, 1])).toContain(vectors)
  expect(copy([7, 6, 2], [12, 2, 1], [12, 2, 1])).toContain(vectors)
  // Rows apart, broadcast, or from anywhere: only the stores are vectors.
  expect(copy([12, 8], [0, 1], [8, 1])).toContain(vectors)
  expect(copy([12, 8], [1, 12], [8, 1])).toContain(vectors)
  expect(copy([12, 8], [1, 12], [1, 12])).not.toContain(vectors)
  expect(copy([12, 8], [9, 1], [9, 1])).not.toContain(vectors)
})

test('rows that are looked up are read in fours if they start at multiples of four', () => {
  const lookUp = (width: number) => {
    const program: Step[] = [
      at(0, [1], 'int32'),
      { op: 'constant', dtype: 'int32', value: width },
      { op: 'apply', dtype: 'int32', instruction: 'mul', args: [0, 1] },
      {
        op: 'gather',
        dtype: 'float32',
        operand: 1,
        index: affine([0, 1]),
        offset: 2,
        within: [],
      },
    ]
    const store = { value: 3, operand: 2, index: affine([8, 1]) }
    const stage: Stage = { over: 'outer', program, reductions: [], stores: [store] }
    return textOf([50, 8], 2, ['int32', 'float32', 'float32'], [stage])
  }
  expect(lookUp(12)).toContain('let four3')
  expect(lookUp(9)).not.toContain('let four3')
})

test('rows are walked in fours, or four at a time', () => {
  expect(sum([100, 64], [64, 1])).toContain('let four0 = vec4<u32>(')
  expect(sum([65_536, 64], [1, 65_536])).toContain(vectors)
  expect(sum([100, 63], [63, 1])).not.toContain('four0')
})

test('a batch of another size has the same text', () => {
  for (const batch of [96, 104, 128]) {
    expect(copy([batch, 10], [10, 1], [10, 1])).toBe(copy([100, 10], [10, 1], [10, 1]))
    expect(copy([batch, 3], [0, 1], [3, 1])).toBe(copy([100, 3], [0, 1], [3, 1]))
    expect(sum([batch, 784], [784, 1])).toBe(sum([100, 784], [784, 1]))
    expect(sum([256, batch], [1, 256])).toBe(sum([256, 100], [1, 256]))
  }
})

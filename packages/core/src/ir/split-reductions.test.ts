import { describe, expect, test } from 'vitest'
import type { DType } from '../dtype.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import type { Combiner } from './combiner.ts'
import type { Kernel, LoopKernel } from './kernel.ts'
import { arenaAlignment, contractVersion, type Plan } from './plan.ts'
import type { IndexData, Step } from './program.ts'
import { type SplitPolicy, splitReductions } from './split-reductions.ts'

/** Cuts wherever there is an axis to cut, into chunks of one length or also into ragged ones. */
const equal: SplitPolicy = { chunks: () => ({ least: 2, most: 16 }) }
const ragged: SplitPolicy = { chunks: () => ({ least: 2, most: 16, isRagged: true }) }

function affine(strides: readonly number[]): IndexData {
  const terms = strides.map((coefficient, axis) => ({ axis, coefficient }))
  return { constant: 0, terms, digits: [] }
}

function load(operand: number, strides: readonly number[], dtype: DType = 'float32'): Step {
  return { op: 'load', dtype, operand, index: affine(strides), within: [] }
}

/** One kernel that reads inputs of these sizes and writes one output. */
function planOf(kernel: Kernel, inputs: readonly number[], output: number, dtype: DType): Plan {
  const specs = inputs.map((size) => ({ dtype, size }))
  return {
    version: contractVersion,
    kernels: [kernel],
    slots: [
      ...specs.map((spec, input) => ({ in: 'input', input, ...spec }) as const),
      { in: 'output', output: 0, dtype, size: output },
    ],
    inputs: specs,
    outputs: [{ dtype, size: output, donated: undefined }],
    scalars: [],
    arenaByteLength: 0,
  }
}

/** Two reductions of the cubes of each column of x [rows, columns], added up. */
function columnPlan(
  rows: number,
  columns: number,
  dtype: 'float32' | 'int32' = 'float32',
  combiners: readonly [Combiner, Combiner] = ['sum', 'max'],
): Plan {
  const kernel: LoopKernel = {
    kind: 'reduce',
    label: 'columns',
    axes: [columns, rows],
    outer: 1,
    operands: [0, 1].map((slot) => ({ slot, dtype })),
    stages: [
      {
        over: 'all',
        program: [
          load(0, [1, columns], dtype),
          { op: 'apply', dtype, instruction: 'mul', args: [0, 0] },
          { op: 'apply', dtype, instruction: 'mul', args: [0, 1] },
        ],
        reductions: combiners.map((combiner) => ({ combiner, value: 2, dtype })),
        stores: [],
      },
      {
        over: 'outer',
        program: [
          { op: 'reduced', dtype, reduction: 0 },
          { op: 'reduced', dtype, reduction: 1 },
          { op: 'apply', dtype, instruction: 'add', args: [0, 1] },
        ],
        reductions: [],
        stores: [{ value: 2, operand: 1, index: affine([1]) }],
      },
    ],
  }
  return planOf(kernel, [rows * columns], columns, dtype)
}

/** `log(a) · bᵀ + 1` for a [rows, depth] and b [columns, depth]. */
function productPlan(rows: number, columns: number, depth: number): Plan {
  const dtype = 'float32'
  const kernel: Kernel = {
    kind: 'contract',
    label: 'product',
    axes: [rows, columns, depth],
    batch: [],
    m: [0],
    n: [1],
    k: [2],
    operands: [0, 1, 2].map((slot) => ({ slot, dtype })),
    left: {
      program: [
        load(0, [depth, 0, 1]),
        // Of what is not there this makes an infinity, which no product with 0 may see.
        { op: 'apply', dtype, instruction: 'log', args: [0] },
        { op: 'apply', dtype, instruction: 'trunc', args: [1] },
      ],
    },
    right: { program: [load(1, [0, depth, 1])] },
    epilogue: [
      { op: 'reduced', dtype, reduction: 0 },
      { op: 'constant', dtype, value: 1 },
      { op: 'apply', dtype, instruction: 'add', args: [0, 1] },
    ],
    stores: [{ value: 2, operand: 2, index: affine([columns, 1]) }],
  }
  return planOf(kernel, [rows * depth, columns * depth], rows * columns, dtype)
}

/** Runs a plan on small whole numbers from 1 to 8, whose sums are exact in any order. */
async function run(plan: Plan): Promise<Uint8Array> {
  const backend = new NaiveBackend()
  const view = (byteLength: number) => {
    return { buffer: backend.allocate(byteLength), byteOffset: 0, byteLength }
  }
  const inputs = plan.inputs.map(({ dtype, size }, seed) => {
    const values = Array.from({ length: size }, (_, k) => 1 + (((k * 2654435761 + seed) >>> 8) % 8))
    const array = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
    const place = view(4 * size)
    backend.write(place.buffer, new Uint8Array(array.buffer))
    return place
  })
  const outputs = plan.outputs.map(({ size }) => view(4 * size))
  backend.compile(plan).run(inputs, outputs, [])
  return backend.read(outputs[0]?.buffer ?? {})
}

const plans: Readonly<Record<string, Plan>> = {
  'columns, even': columnPlan(64, 5),
  'columns, seven chunks': columnPlan(707, 7),
  'one long column': columnPlan(7000, 1),
  'columns, products and minima of integers': columnPlan(66, 3, 'int32', ['prod', 'min']),
  'a product, even': productPlan(5, 9, 320),
  'a product, nine chunks': productPlan(9, 4, 567),
  'a single number': productPlan(1, 1, 4000),
}

const unevenPlans: Readonly<Record<string, Plan>> = {
  'columns of prime length': columnPlan(1009, 5),
  'a column of prime length': columnPlan(7001, 1),
  'minima and maxima of prime length': columnPlan(211, 3, 'float32', ['min', 'max']),
  'products of prime length': columnPlan(211, 3, 'int32', ['prod', 'sum']),
  'a product of prime depth': productPlan(3, 5, 1009),
}

describe('the results of a split plan are those of the plan', () => {
  test.each(Object.entries(plans))('%s', async (_, plan) => {
    const split = splitReductions(plan, equal)
    expect(split.kernels).toHaveLength(2)
    expect(split.arenaByteLength).toBeGreaterThan(0)
    expect(split.arenaByteLength % arenaAlignment).toBe(0)
    expect(await run(split)).toEqual(await run(plan))
  })

  test.each(Object.entries(unevenPlans))('%s', async (_, plan) => {
    expect(splitReductions(plan, equal)).toEqual(plan)
    const split = splitReductions(plan, ragged)
    expect(split.kernels).toHaveLength(2)
    expect(await run(split)).toEqual(await run(plan))
  })
})

test('lengths that fall into equal chunks are not cut into ragged ones', () => {
  const plan = columnPlan(64, 5)
  expect(splitReductions(plan, ragged)).toEqual(splitReductions(plan, equal))
})

test('the policy is asked with results and terms, and may keep a kernel whole', () => {
  const asked: unknown[] = []
  const plan = columnPlan(100, 1000)
  const never: SplitPolicy = {
    chunks: ({ label }, results, terms) => {
      asked.push([label, results, terms])
      return undefined
    },
  }
  expect(splitReductions(plan, never)).toEqual(plan)
  expect(asked).toEqual([['columns', 1000, 100]])
})

test('what is empty, or too short for a chunk, stays whole', () => {
  for (const plan of [columnPlan(0, 5), columnPlan(5, 0), columnPlan(1, 5)]) {
    expect(splitReductions(plan, equal)).toEqual(plan)
    expect(splitReductions(plan, ragged)).toEqual(plan)
  }
})

import type { ContractKernel, DType, Plan, RangeData, Step, TypedArray } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { runNaively } from '../naive.testing.ts'
import { apply, index, load, planOf, Random, runOnCpu } from '../plans.testing.ts'
import { KernelBuilder, worstDifference } from '../random-kernels.testing.ts'

/** Compares with a point-by-point evaluation; sums of K products may round differently. */
async function check(plan: Plan, inputs: readonly TypedArray[], scalars: readonly number[] = []) {
  const wanted = runNaively(plan, inputs, scalars)
  const got = await runOnCpu(plan, inputs, scalars, 2)
  wanted.forEach((array, k) => {
    const { dtype } = plan.outputs[k] ?? { dtype: 'float32' }
    const scale = array.reduce((most: number, value: number) => Math.max(most, Math.abs(value)), 1)
    expect(worstDifference(got[k] ?? new Uint8Array(), array, dtype) / scale).toBeLessThan(dtype === 'float64' ? 2000 : 2)
  })
}

const reducedSum = (dtype: DType): Step => ({ op: 'reduced', dtype, reduction: 0 })

/** `[batch, m, k] · [batch, n, k]` with the strides of the two operands and of the result. */
function product(
  dtype: DType,
  [batch, m, n, k]: readonly [number, number, number, number],
  left: readonly number[],
  right: readonly number[],
): Plan {
  const spec = (size: number) => ({ dtype, size })
  const kernel: ContractKernel = {
    kind: 'contract',
    label: 'matmul',
    axes: [batch, m, n, k],
    operands: [0, 1, 2].map((slot) => ({ slot, dtype })),
    batch: [0],
    m: [1],
    n: [2],
    k: [3],
    left: { program: [load(dtype, 0, left)] },
    right: { program: [load(dtype, 1, right)] },
    epilogue: [reducedSum(dtype)],
    stores: [{ value: 0, operand: 2, index: index(0, [m * n, n, 1, 0]) }],
  }
  return planOf([kernel], [spec(batch * m * k), spec(batch * n * k)], [spec(batch * m * n)])
}

const shapes: readonly (readonly [number, number, number, number])[] = [
  [1, 1, 1, 1],
  [1, 4, 3, 8],
  [1, 5, 7, 3],
  [1, 97, 3, 321],
  [1, 3, 241, 640],
  [3, 13, 11, 17],
  [2, 100, 10, 256],
  [1, 101, 257, 33],
  [1, 1, 300, 9],
  [1, 300, 1, 9],
  [1, 0, 3, 4],
  [1, 3, 0, 4],
  [0, 3, 3, 4],
  [2, 5, 6, 0],
]

describe('matmul', () => {
  for (const shape of shapes) {
    const [batch, m, n, k] = shape
    const layouts = {
      'rows · columns': [[m * k, k, 0, 1], [n * k, 0, k, 1]],
      'rows · rows': [[m * k, k, 0, 1], [n * k, 0, 1, n]],
      'columns · columns': [[m * k, 1, 0, m], [n * k, 0, k, 1]],
      'columns · rows': [[m * k, 1, 0, m], [n * k, 0, 1, n]],
    } as const
    for (const [name, [left, right]] of Object.entries(layouts)) {
      test(`[${shape}] as ${name}`, async () => {
        const random = new Random(m + n)
        for (const dtype of ['float32', 'float64', 'int32'] as const) {
          const plan = product(dtype, shape, left, right)
          const create = (size: number) =>
            dtype === 'int32'
              ? random.integers(size)
              : dtype === 'float32'
                ? random.floats(size)
                : random.doubles(size)
          await check(plan, [create(batch * m * k), create(batch * n * k)])
        }
      })
    }
  }
})

test('random contractions', async () => {
  for (let seed = 0; seed < 150; seed++) {
    const random = new Random(seed + 1000)
    const count = () => random.integer(0, 2)
    const groups = { batch: random.integer(0, 1), m: count(), n: count(), k: count() }
    const axes: number[] = []
    const take = (n: number) => Array.from({ length: n }, () => axes.push(random.pick<number>([1, 2, 3, 5, 8, 13])) - 1)
    const batch = take(groups.batch)
    const m = take(groups.m)
    const n = take(groups.n)
    const k = take(groups.k)
    if (random.uniform() < 0.3 && axes.length > 0) axes[random.integer(0, axes.length - 1)] = random.integer(0, 400)
    if (axes.reduce((a, b) => a * b, 1) > 12000) continue
    const dtype = random.pick<DType>(['float32', 'float64', 'int32'])
    const builder = new KernelBuilder(random, axes)
    const program = (over: number[]) => random.uniform() < 0.4 ? [builder.load(dtype, over)] : builder.program(dtype, over)
    const left = { program: program([...batch, ...m, ...k]) }
    const right = { program: program([...batch, ...n, ...k]) }
    const over = [...batch, ...m, ...n]
    const epilogue = builder.program(dtype, over, [reducedSum(dtype)])
    epilogue.push(apply(dtype, 'add', epilogue.length - 1, 0))
    const stores = [builder.store(dtype, over, epilogue.length - 1)]
    const { plan, inputs, scalars } = builder.contraction({ kind: 'contract', label: 'random', axes, operands: [], batch, m, n, k, left, right, epilogue, stores })
    await check(plan, inputs, scalars)
  }
})

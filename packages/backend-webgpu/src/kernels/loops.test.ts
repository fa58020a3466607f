import { cpu } from '@tensorweft/backend-cpu'
import {
  type Backend,
  BackendError,
  type Combiner,
  type DType,
  type LoopKernel,
  type Step,
} from '@tensorweft/core'
import {
  affine,
  apply,
  constant,
  load,
  mapKernel,
  PlanBuilder,
  Random,
  runPlan,
} from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { connect } from '../adapter.ts'
import { WebGpuBackend } from '../backend.ts'
import { describeOnDevice } from '../testing/backends.testing.ts'
import { worstRelative } from '../testing/compare.testing.ts'
import { writeKernel } from './write-kernel.ts'

/** Reduces `[outer, inner]` along its last axis, or `[inner, outer]` along its first. */
function addReduction(
  builder: PlanBuilder,
  random: Random,
  combiner: Combiner,
  dtype: DType,
  [outer, inner, isColumn]: readonly [number, number, boolean],
): void {
  const values = Array.from({ length: outer * inner }, () => {
    if (dtype !== 'float32') return random.integer(0, dtype === 'bool' ? 1 : 255)
    return combiner === 'prod' ? 1 + (random.uniform() - 0.5) / 100 : random.uniform() * 2 - 1
  })
  const slots = [builder.input(dtype, values), builder.output(dtype, outer)]
  const kernel: LoopKernel = {
    kind: 'reduce',
    label: `${combiner} of ${dtype} [${outer}, ${inner}]${isColumn ? ' by columns' : ''}`,
    axes: [outer, inner],
    outer: 1,
    operands: slots.map((slot) => ({ slot, dtype })),
    stages: [
      {
        over: 'all',
        program: [load(dtype, 0, affine(isColumn ? [1, outer] : [inner, 1]))],
        reductions: [{ combiner, value: 0, dtype }],
        stores: [],
      },
      {
        over: 'outer',
        program: [{ op: 'reduced', dtype, reduction: 0 }],
        reductions: [],
        stores: [{ value: 0, operand: 1, index: affine([1, 0]) }],
      },
    ],
  }
  builder.add(kernel)
}

/** Reductions of all kinds whose results are not those of cpu. */
async function wrongReductions(backend: Backend): Promise<string[]> {
  const random = new Random(3)
  const builder = new PlanBuilder()
  const lengths = [0, 1, 31, 4097, 70_001, 70_004]
  for (const combiner of ['sum', 'prod', 'max', 'min'] as const) {
    for (const inner of lengths) {
      addReduction(builder, random, combiner, 'float32', [1, inner, false])
    }
    addReduction(builder, random, combiner, 'float32', [37, 100, true])
    addReduction(builder, random, combiner, 'float32', [300, 9, true])
    for (const dtype of ['int32', 'uint8', 'bool'] as const) {
      addReduction(builder, random, combiner, dtype, [9, 70, false])
      addReduction(builder, random, combiner, dtype, [9, 72, false])
    }
  }
  // So many that four neighbouring rows, or many fours of a row, are one invocation's.
  for (const dtype of ['float32', 'int32', 'uint8', 'bool'] as const) {
    addReduction(builder, random, 'sum', dtype, [16_384, 20, true])
    addReduction(builder, random, 'max', dtype, [65_536, 3, true])
    addReduction(builder, random, 'sum', dtype, [8200, 68, false])
  }
  const { plan, inputs, scalars } = builder.build()
  const wanted = await runPlan(cpu(), plan, inputs, scalars)
  const got = await runPlan(backend, plan, inputs, scalars)
  return plan.kernels.flatMap(({ label }, k) => {
    const [g, w] = [got[k], wanted[k]]
    if (g === undefined || w === undefined) return [`${label} is missing`]
    const { ulps, ...at } = worstRelative(g, w, plan.outputs[k]?.dtype ?? 'float32')
    // A product of 70,001 numbers is rounded as often: √70,001 halves of a unit are to be expected.
    return ulps < 400 ? [] : [`${label}: ${JSON.stringify({ ...at, ulps })}`]
  })
}

describeOnDevice('loops', (backend) => {
  test('reductions of any length, along rows and columns', async () => {
    expect(await wrongReductions(backend())).toEqual([])
  })

  test('reductions on a device without subgroups', async () => {
    const connection = await connect({})
    const features = { ...connection.features, subgroups: undefined }
    const plain = new WebGpuBackend({ ...connection, features })
    expect(await wrongReductions(plain)).toEqual([])
    await plain.dispose()
  })

  test('NaN and infinities survive max, min and sum', async () => {
    const builder = new PlanBuilder()
    const rows = [
      [1, Number.NaN, 3],
      [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
      [Number.POSITIVE_INFINITY, 0, -1],
      [Number.NaN, Number.NaN, Number.NaN],
    ]
    const slots = [builder.input('float32', rows.flat())]
    const combiners = ['max', 'min', 'sum'] as const
    for (let k = 0; k < combiners.length; k++) slots.push(builder.output('float32', rows.length))
    const kernel: LoopKernel = {
      kind: 'reduce',
      label: 'extremes',
      axes: [rows.length, 3],
      outer: 1,
      operands: slots.map((slot) => ({ slot, dtype: 'float32' })),
      stages: [
        {
          over: 'all',
          program: [load('float32', 0, affine([3, 1]))],
          reductions: combiners.map((combiner) => ({ combiner, value: 0, dtype: 'float32' })),
          stores: [],
        },
        {
          over: 'outer',
          program: combiners.map((_, reduction) => ({
            op: 'reduced',
            dtype: 'float32',
            reduction,
          })),
          reductions: [],
          stores: combiners.map((_, k) => ({ value: k, operand: k + 1, index: affine([1, 0]) })),
        },
      ],
    }
    builder.add(kernel)
    const { plan, inputs, scalars } = builder.build()
    const wanted = await runPlan(cpu(), plan, inputs, scalars)
    expect(await runPlan(backend(), plan, inputs, scalars)).toEqual(wanted)
  })

  test('more workgroups than one row of a grid has', async () => {
    const [rows, length] = [65_535 * 64 + 1000, 2]
    const builder = new PlanBuilder()
    const kernel: LoopKernel = {
      kind: 'reduce',
      label: 'counts',
      axes: [rows, length],
      outer: 1,
      operands: [{ slot: builder.output('int32', rows), dtype: 'int32' }],
      stages: [
        {
          over: 'all',
          program: [{ op: 'index', dtype: 'int32', index: affine([3, 1]) }],
          reductions: [{ combiner: 'sum', value: 0, dtype: 'int32' }],
          stores: [],
        },
        {
          over: 'outer',
          program: [{ op: 'reduced', dtype: 'int32', reduction: 0 }],
          reductions: [],
          stores: [{ value: 0, operand: 0, index: affine([1]) }],
        },
      ],
    }
    expect(writeKernel(kernel, [0]).workgroups).toBeGreaterThan(65_535)
    builder.add(kernel)
    const { plan, inputs, scalars } = builder.build()
    const [got] = await runPlan(backend(), plan, inputs, scalars)
    expect(got?.length).toBe(rows)
    expect(got?.every((value, row) => value === 6 * row + 1)).toBe(true)
  })

  test('a kernel of more points than counters can count is refused', () => {
    const slot = { slot: 0, dtype: 'int32' as const }
    const huge = mapKernel('huge', [2 ** 31], [slot, slot], [constant('int32', 1)])
    expect(() => writeKernel(huge, [0, 0])).toThrow(BackendError)
  })

  test('a plan may work in place, with bytes, and pass values through its arena', async () => {
    const builder = new PlanBuilder()
    const size = 4099
    const bytes = Array.from({ length: size }, (_, k) => k % 256)
    const input = builder.input('uint8', bytes)
    builder.inPlace(input)
    const scratch = builder.scratch('uint8', size)
    const at = (slot: number) => ({ slot, dtype: 'uint8' as const })
    const reversed = load('uint8', 0, affine([-1], size - 1))
    builder.add(mapKernel('reverse', [size], [at(input), at(scratch)], [reversed]))
    const steps: Step[] = [
      load('uint8', 0, affine([1])),
      { op: 'scalar', dtype: 'uint8', scalar: builder.scalar('uint8', 3) },
      load('uint8', 1, affine([1])),
      apply('uint8', 'mul', 0, 1),
      apply('uint8', 'add', 2, 3),
    ]
    builder.add(mapKernel('update', [size], [at(scratch), at(input)], steps))
    const { plan, inputs, scalars } = builder.build()
    const [got] = await runPlan(backend(), plan, inputs, scalars, 3)
    expect(got).toEqual(Uint8Array.from(bytes, (byte, k) => byte + 3 * (bytes[size - 1 - k] ?? 0)))
  })

  test('a row kernel reads what an earlier stage stored', async () => {
    const builder = new PlanBuilder()
    const [rows, columns] = [5, 200]
    const values = Array.from({ length: rows * columns }, (_, k) => (k * 37) % 101)
    const input = builder.input('float32', values)
    const copy = builder.output('float32', rows * columns)
    const result = builder.output('float32', rows * columns)
    const row = affine([columns, 1])
    const kernel: LoopKernel = {
      kind: 'row',
      label: 'stored and read again',
      axes: [rows, columns],
      outer: 1,
      operands: [input, copy, result].map((slot) => ({ slot, dtype: 'float32' })),
      stages: [
        {
          over: 'all',
          program: [load('float32', 0, row)],
          reductions: [{ combiner: 'sum', value: 0, dtype: 'float32' }],
          stores: [{ value: 0, operand: 1, index: row }],
        },
        {
          over: 'all',
          program: [
            load('float32', 1, affine([columns, -1], columns - 1)),
            { op: 'reduced', dtype: 'float32', reduction: 0 },
            apply('float32', 'add', 0, 1),
          ],
          reductions: [],
          stores: [{ value: 2, operand: 2, index: row }],
        },
      ],
    }
    builder.add(kernel)
    const { plan, inputs, scalars } = builder.build()
    const got = await runPlan(backend(), plan, inputs, scalars)
    const sums = Array.from({ length: rows }, (_, r) =>
      values.slice(r * columns, (r + 1) * columns).reduce((a, b) => a + b),
    )
    const wanted = values.map((_, k) => {
      const r = Math.floor(k / columns)
      return (values[r * columns + columns - 1 - (k % columns)] ?? 0) + (sums[r] ?? 0)
    })
    expect(got[1]).toEqual(Float32Array.from(wanted))
  })
})

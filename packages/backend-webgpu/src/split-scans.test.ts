import { cpu } from '@tensorweft/backend-cpu'
import type { Combiner, DType, ScanKernel } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { splitScans } from './split-scans.ts'
import { PlanBuilder, runOn } from './testing/plan-builder.testing.ts'
import { Random } from './testing/random.testing.ts'
import { index } from './testing/random-kernels.testing.ts'

/** Running totals of x [rows, …points], backwards if wished, or of its columns. */
function scanOf(
  combiner: Combiner,
  dtype: DType,
  rows: number,
  points: readonly number[],
  order: 'forwards' | 'backwards' | 'columns' = 'forwards',
): PlanBuilder {
  const builder = new PlanBuilder()
  const random = new Random(5)
  const length = points.reduce((a, b) => a * b, 1)
  const most = combiner === 'prod' ? 2 : 4
  const values = Array.from({ length: rows * length }, () => random.integer(1, most))
  const slots = [builder.input(dtype, values), builder.output(dtype, rows * length)]
  const stride = order === 'columns' ? rows : 1
  const strides = points.map(
    (_, k) => stride * points.slice(k + 1).reduce((product, size) => product * size, 1),
  )
  const row = order === 'columns' ? 1 : length
  const place =
    order === 'backwards'
      ? index(length - 1, [row, ...strides.map((stride) => -stride)])
      : index(0, [row, ...strides])
  const kernel: ScanKernel = {
    kind: 'scan',
    label: 'totals',
    axes: [rows, ...points],
    outer: 1,
    operands: slots.map((slot) => ({ slot, dtype })),
    program: [{ op: 'load', dtype, operand: 0, index: place, within: [] }],
    reduction: { combiner, value: 0, dtype },
    store: { value: 0, operand: 1, index: place },
  }
  builder.add(kernel)
  return builder
}

describe('cut scans have the totals of whole ones', () => {
  test.each([
    ['a long row', scanOf('sum', 'int32', 1, [100_000])],
    ['floats, whose sums are exact', scanOf('sum', 'float32', 3, [20_000])],
    ['backwards', scanOf('sum', 'int32', 2, [16_384], 'backwards')],
    ['columns', scanOf('max', 'float32', 5, [16_400], 'columns')],
    ['several axes', scanOf('sum', 'int32', 2, [1, 40, 500])],
    ['products that wrap', scanOf('prod', 'int32', 2, [30_000])],
    ['bytes', scanOf('min', 'uint8', 3, [18_000])],
  ])('%s', async (_, builder) => {
    const plan = builder.plan()
    const split = splitScans(plan)
    expect(split.kernels).toHaveLength(3)
    expect(split.arenaByteLength).toBeGreaterThan(plan.arenaByteLength)
    const wanted = await runOn(cpu(), { ...builder, plan })
    expect(await runOn(cpu(), { ...builder, plan: split })).toEqual(wanted)
  })
})

test('short rows, many rows, and prime lengths stay whole', () => {
  for (const builder of [
    scanOf('sum', 'int32', 1, [10_000]),
    scanOf('sum', 'int32', 300, [16_384]),
    scanOf('sum', 'int32', 1, [20_011]),
    scanOf('sum', 'int32', 0, [20_000]),
  ]) {
    const plan = builder.plan()
    expect(splitScans(plan)).toEqual(plan)
  }
})

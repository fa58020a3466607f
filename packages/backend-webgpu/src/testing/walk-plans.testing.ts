import { cpu } from '@tensorweft/backend-cpu'
import type {
  Backend,
  Combiner,
  DType,
  IndexData,
  Operand,
  Program,
  ScanKernel,
  SortKernel,
} from '@tensorweft/core'
import { affine, load, type PlanBuilder, type Random, runPlan } from '@tensorweft/testkit/plans'
import { worstDifference } from './compare.testing.ts'

/** Rows of an array `[rows, length]`, or columns of `[length, rows]`. */
export type Extent = readonly [rows: number, length: number, isColumn: boolean]

/** How far apart neighbouring rows and points are. */
export function strideOf([rows, length, isColumn]: Extent): number[] {
  return isColumn ? [1, rows] : [length, 1]
}

/** Values of a dtype with many that are equal, and what is special about floats. */
export function someValues(dtype: DType, size: number, random: Random): number[] {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
  const specials = [0, -0, 1e-45, -1e-45, 2 ** -127, infinity, -infinity, nan] as const
  return Array.from({ length: size }, () => {
    if (dtype === 'bool') return random.integer(0, 1)
    if (dtype === 'uint8') return random.integer(0, 255)
    if (dtype === 'int32') return random.integer(-(2 ** 31), 2 ** 31 - 1)
    return random.chance(0.05) ? random.pick(specials) : random.integer(-40, 40) / 8
  })
}

/** The orders of the same values in both directions. */
export function addSorts(
  builder: PlanBuilder,
  dtype: DType,
  extent: Extent,
  values: readonly number[],
): void {
  const [rows, length] = extent
  const at = affine(strideOf(extent))
  const slot = builder.input(dtype, values)
  for (const descending of [false, true]) {
    const operands: Operand[] = [
      { slot, dtype },
      { slot: builder.output('int32', rows * length), dtype: 'int32' },
    ]
    const kernel: SortKernel = {
      kind: 'sort',
      label: `sort of ${dtype} [${extent}]${descending ? ', descending' : ''}`,
      axes: [rows, length],
      outer: 1,
      operands,
      program: [load(dtype, 0, at)],
      descending,
      store: { value: 0, operand: 1, index: at },
    }
    builder.add(kernel)
  }
}

/** Running totals that go to `at`; the first one of the axes counts rows. */
export function addScan(
  builder: PlanBuilder,
  combiner: Combiner,
  dtype: DType,
  axes: readonly [number, ...number[]],
  at: IndexData,
  values: readonly number[],
  program: Program = [load(dtype, 0, at)],
): void {
  const slots = [builder.input(dtype, values), builder.output(dtype, values.length)]
  const kernel: ScanKernel = {
    kind: 'scan',
    label: `${combiner} of ${dtype} [${axes}]`,
    axes,
    outer: 1,
    operands: slots.map((slot) => ({ slot, dtype })),
    program,
    reduction: { combiner, value: program.length - 1, dtype },
    store: { value: program.length - 1, operand: 1, index: at },
  }
  builder.add(kernel)
}

/** Where the plan's outputs are not those of cpu, number for number. */
export async function wrongOutputs(backend: Backend, builder: PlanBuilder): Promise<string[]> {
  const { plan, inputs, scalars } = builder.build()
  const wanted = await runPlan(cpu(), plan, inputs, scalars)
  const got = await runPlan(backend, plan, inputs, scalars, 2)
  return plan.outputs.flatMap(({ dtype }, k) => {
    const [g, w] = [got[k], wanted[k]]
    if (g === undefined || w === undefined) return [`output ${k} is missing`]
    const { ulps, ...at } = worstDifference(g, w, dtype)
    return ulps === 0 ? [] : [`${plan.kernels[k]?.label}: ${JSON.stringify(at)}`]
  })
}

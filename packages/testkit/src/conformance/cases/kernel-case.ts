import {
  createTypedArray,
  type DType,
  isFloat,
  type KernelKind,
  type Plan,
  type TypedArray,
} from '@tensorweft/core'
import { runPlan } from '../../plans/run-plan.ts'
import { storedValues } from '../../plans/stored-values.ts'
import { interpretPlan } from '../../reference/plans/interpret-plan.ts'
import type { CaseDefinition } from '../case.ts'
import { checkNear, checkSame } from '../compare-arrays.ts'
import { integerData } from '../data.ts'

/** A plan to be run and compared with its interpretation. */
export interface KernelTrial {
  readonly plan: Plan
  /** By default small integers, on which every order of additions gives the same. */
  readonly inputs?: readonly TypedArray[]
  readonly scalars?: readonly number[]
  /** Relative to the greatest element; by default results must be the same numbers. */
  readonly tolerance?: number
}

/** A case that runs plans on the backend and compares every output with its interpretation. */
export function kernelCase(name: string, trials: () => readonly KernelTrial[]): CaseDefinition {
  return {
    name: `kernels: ${name}`,
    unless: ({ dtypes, kernels }) => {
      const plans = trials().map(({ plan }) => plan)
      const missing = plans
        .flatMap(({ slots }) => slots.map(({ dtype }) => dtype))
        .find((dtype) => !dtypes.includes(dtype))
      if (missing !== undefined) return `no ${missing}`
      const kind = plans.flatMap(kindsOf).find((used) => !kernels.includes(used))
      return kind === undefined ? undefined : `core lowers ${kind} to other kernels`
    },
    body: async ({ backend }) => {
      for (const { plan, inputs, scalars = [], tolerance = 0 } of trials()) {
        const given =
          inputs ?? plan.inputs.map(({ dtype, size }, i) => integerData(dtype, size, i + 1))
        const wanted = interpretPlan(plan, given, scalars)
        const got = await runPlan(backend, plan, given, scalars)
        wanted.map(storedValues).forEach((array, i) => {
          const found = storedValues(got[i] ?? new Float32Array(0))
          const what = `${plan.kernels.map(({ label }) => label).join(', ')}, output ${i}`
          const largest = Math.max(...Array.from(array, Math.abs))
          if (tolerance === 0) checkSame(what, found, array)
          else checkNear(what, found, array, { absolute: tolerance * largest })
        })
      }
    },
  }
}

function kindsOf(plan: Plan): KernelKind[] {
  return plan.kernels.map(({ kind }) => kind)
}

/** Floats that are no integers. */
export function fractions(dtype: DType, size: number, seed = 1): TypedArray {
  const values = createTypedArray<DType>(dtype, size)
  for (let i = 0; i < size; i++) {
    values[i] = isFloat(dtype) ? Math.sin((i + 1) * (seed + 0.37) * 12.9898) : i % 5
  }
  return values
}

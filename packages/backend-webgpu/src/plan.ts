import {
  BackendError,
  byteLengthOf,
  contractVersion,
  type DType,
  type Kernel,
  type Plan,
  splitReductions,
} from '@tensorweft/core'
import { splitPolicy } from './split-policy.ts'
import { splitWalks } from './split-walks.ts'
import { type Param, paramsOf } from './wgsl/params.ts'
import { valueDType } from './wgsl/value-type.ts'

/** Bindings of uniforms must start at multiples of this. */
const uniformAlignment = 256

/** A kernel of a plan with the part of the plan's uniform that belongs to it. */
export interface KernelPlan {
  readonly kernel: Kernel
  readonly params: readonly Param[]
  /** Where the kernel's params start in the plan's uniform. */
  readonly byteOffset: number
}

/** The plan that runs, with the words that its kernels get. */
export interface PlanLayout {
  readonly plan: Plan
  readonly kernels: readonly KernelPlan[]
  readonly paramsByteLength: number
  /** Words that are the same in every run. */
  readonly fixed: readonly { readonly at: number; readonly word: number }[]
  /** Words that hold a number given with a run. */
  readonly scalars: readonly {
    readonly at: number
    readonly scalar: number
    readonly dtype: DType
  }[]
}

/** Checks a plan and lays out the words that its kernels get with each run. */
export function layOutPlan(given: Plan): PlanLayout {
  checkPlan(given)
  const plan = splitWalks(splitReductions(given, splitPolicy))
  let byteOffset = 0
  const kernels = plan.kernels.map((kernel): KernelPlan => {
    const params = paramsOf(kernel)
    const at = byteOffset
    byteOffset += Math.ceil((params.length * 4) / uniformAlignment) * uniformAlignment
    return { kernel, params, byteOffset: at }
  })
  const words = kernels.flatMap(({ kernel, params, byteOffset }) => {
    return params.map((param, k) => ({ kernel, param, at: byteOffset / 4 + k }))
  })
  return {
    plan,
    kernels,
    paramsByteLength: byteOffset,
    fixed: words.flatMap(({ kernel, param, at }) => {
      if (param.kind === 'constant') return { at, word: param.word }
      return param.kind === 'size' ? { at, word: kernel.axes[param.axis] ?? 0 } : []
    }),
    scalars: words.flatMap(({ param, at }) => {
      return param.kind === 'scalar' ? { at, scalar: param.scalar, dtype: param.dtype } : []
    }),
  }
}

function checkPlan(plan: Plan): void {
  if (plan.version !== contractVersion) {
    throw new BackendError('webgpu.compile', {
      got: `a plan of version ${plan.version}`,
      wanted: `version ${contractVersion}`,
      hint: 'install the same release of @tensorweft/core and @tensorweft/backend-webgpu',
    })
  }
  for (const { label, operands } of plan.kernels) {
    for (const { slot, dtype } of operands) {
      const place = plan.slots[slot]
      valueDType(dtype)
      if (place !== undefined && byteLengthOf(place.dtype) === byteLengthOf(dtype)) continue
      throw new BackendError('webgpu.compile', {
        got: `a ${dtype} operand in slot ${slot} (${place?.dtype}) of the kernel '${label}'`,
        wanted: `one of the ${plan.slots.length} slots of the plan, with elements of that size`,
      })
    }
  }
}

import {
  BackendError,
  byteLengthOf,
  contractVersion,
  type Kernel,
  type Plan,
} from '@tensorweft/core'
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

/** What a plan needs beyond its text. */
export interface PlanLayout {
  readonly kernels: readonly KernelPlan[]
  readonly paramsByteLength: number
}

/** Checks a plan and lays out the words that its kernels get with each run. */
export function layOutPlan(plan: Plan): PlanLayout {
  checkPlan(plan)
  let byteOffset = 0
  const kernels = plan.kernels.map((kernel): KernelPlan => {
    const params = paramsOf(kernel)
    const at = byteOffset
    byteOffset += Math.ceil((params.length * 4) / uniformAlignment) * uniformAlignment
    return { kernel, params, byteOffset: at }
  })
  return { kernels, paramsByteLength: byteOffset }
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
